import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { mostToldEvents, mostToldRows, type RecordQuestion, type RecordReply } from '../../api/peers.ts';
import { EventSchema } from '../../api/schemas/events.ts';
import { decisionBases, type RecordAnswer } from '../../forecast/index.ts';
import { latestUnixSeconds } from '../../platform/moment.ts';

type SpanQuestion = Extract<RecordQuestion, { readonly kind: 'at' | 'span' }>;

const text = Type.String({ maxLength: 10_000 });
const number = Type.Number();
/** Unix seconds that can be written as a date. */
const moment = Type.Number({ minimum: 0, maximum: latestUnixSeconds });
const maybe = Type.Optional(number);
const reasons = Type.Array(text, { maxItems: 100 });
const elsewhere = Type.Optional(Type.Literal(true));

/** JSON leaves out what is undefined, so that it is optional here. */
const DecisionSchema = Type.Union([
  Type.Object({ kind: Type.Literal('none'), atSeconds: moment, reasons, elsewhere }),
  Type.Object({
    kind: Type.Literal('served'),
    atSeconds: moment,
    fresh: Type.Boolean(),
    signal: Type.Number({ minimum: 0 }),
    active: Type.Boolean(),
    observed: number,
    wanted: number,
    predictedPeak: maybe,
    trust: maybe,
    windowSeconds: number,
    dataAgeSeconds: maybe,
    serviceLevel: number,
    askedLevel: number,
    askedFactor: number,
    margin: number,
    headroom: number,
    basis: Type.Enum([...decisionBases]),
    fallbackReasons: reasons,
    threshold: Type.Number({ exclusiveMinimum: 0 }),
    hpaTolerance: number,
    replicas: maybe,
    expectedPeak: maybe,
    cap: maybe,
    usual: Type.Optional(Type.Object({ level: number, day: number, week: number })),
    experts: Type.Array(Type.Object({ name: text, percent: number }), { maxItems: 10 }),
    elsewhere,
  }),
]);

const AnswerSchema = Type.Object({
  kept: Type.Enum(['file', 'memory']),
  warning: Type.Optional(text),
  rows: Type.Array(
    Type.Object({
      atSeconds: moment,
      came: maybe,
      decision: DecisionSchema,
      precision: Type.Enum(['exact', 'thousandths', 'coarse']),
    }),
    { maxItems: mostToldRows },
  ),
  nextSeconds: Type.Optional(moment),
  oldestSeconds: Type.Optional(moment),
});
const TriggersSchema = Type.Array(Type.String({ pattern: '^[0-9a-f]{1,64}$' }), { maxItems: 10_000 });

const EventsSchema = Type.Object({ events: Type.Array(EventSchema, { maxItems: mostToldEvents }) });

/** Base64 of a thousand roll-ups, of which each takes some bytes. */
const Part = Type.String({ maxLength: 64 * 1024, pattern: '^[A-Za-z0-9+/]*=*$' });
const RollUpsSchema = Type.Object({ rollUps: Type.Array(Part, { maxItems: 16 }) });
const SpansSchema = Type.Object({
  spans: Type.Array(Type.Tuple([moment, Type.Integer({ minimum: 0 })]), { maxItems: 20_000 }),
});

const checkRollUps = Compile(RollUpsSchema);
const checkSpans = Compile(SpansSchema);
const checkEvents = Compile(EventsSchema);
const checkAnswer = Compile(AnswerSchema);
const checkTriggers = Compile(TriggersSchema);

/** What a peer answers from its record. Throws where the text is no answer to the question, as that of another version may be. */
export function readRecordAnswer(question: RecordQuestion, answer: string): RecordReply {
  const value: unknown = JSON.parse(answer);
  const { kind } = question;
  if (kind === 'archive' && checkRollUps.Check(value)) return value;
  if (kind === 'archive-spans' && checkSpans.Check(value)) return value;
  if (kind === 'triggers' && checkTriggers.Check(value)) return value;
  if (kind === 'events' && checkEvents.Check(value) && areSince(question.sinceSeconds, value)) return value;
  if ((kind === 'at' || kind === 'span') && checkAnswer.Check(value)) {
    // What JSON left out reads as undefined, which is what the type says of it.
    const told = value as unknown as RecordAnswer;
    if (isWithin(question, told)) return told;
  }
  throw new Error('it is of another version, or no replica');
}

function areSince(sinceSeconds: number, { events }: Static<typeof EventsSchema>): boolean {
  return events.every(({ at }) => at >= sinceSeconds && at <= latestUnixSeconds);
}

/**
 * Whether an answer is about the span that was asked for, and says that the rest begins after its start: who reads one page after
 * the other would not come to an end otherwise.
 */
function isWithin(question: SpanQuestion, { rows, nextSeconds }: RecordAnswer): boolean {
  const [from, to, most] =
    question.kind === 'at'
      ? [question.atSeconds, question.atSeconds, 1]
      : [question.fromSeconds, question.toSeconds, question.limit];
  const isOfSpan = rows.every(({ atSeconds }) => atSeconds >= from && atSeconds <= to);
  return isOfSpan && rows.length <= most && (nextSeconds ?? Number.POSITIVE_INFINITY) > from;
}
