import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { EventSchema } from '../../api/answers/events/event.ts';
import { mostToldEvents, mostToldRows, type RecordQuestion, type RecordReply } from '../../api/peers.ts';
import type { RecordAnswer } from '../../forecast/index.ts';

const text = Type.String({ maxLength: 10_000 });
const number = Type.Number();
const maybe = Type.Optional(number);
const reasons = Type.Array(text, { maxItems: 100 });
const elsewhere = Type.Optional(Type.Literal(true));

/** JSON leaves out what is undefined, so that it is optional here. */
const DecisionSchema = Type.Union([
  Type.Object({ kind: Type.Literal('none'), atSeconds: number, reasons, elsewhere }),
  Type.Object({
    kind: Type.Literal('served'),
    atSeconds: number,
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
    basis: Type.Enum(['forecast', 'margin', 'headroom', 'observed', 'last-good']),
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
      atSeconds: number,
      came: maybe,
      decision: DecisionSchema,
      precision: Type.Enum(['exact', 'thousandths', 'coarse']),
    }),
    { maxItems: mostToldRows },
  ),
  nextSeconds: maybe,
  oldestSeconds: maybe,
});
const TriggersSchema = Type.Array(Type.String({ maxLength: 64 }), { maxItems: 10_000 });

const EventsSchema = Type.Object({ events: Type.Array(EventSchema, { maxItems: mostToldEvents }) });

const checkEvents = Compile(EventsSchema);
const checkAnswer = Compile(AnswerSchema);
const checkTriggers = Compile(TriggersSchema);

/** What a peer answers from its record. Throws where the text is no such answer, as that of another version may be. */
export function readRecordAnswer({ kind }: Pick<RecordQuestion, 'kind'>, answer: string): RecordReply {
  const value: unknown = JSON.parse(answer);
  if (kind === 'triggers' && checkTriggers.Check(value)) return value;
  if (kind === 'events' && checkEvents.Check(value)) return value;
  // What JSON left out reads as undefined, which is what the type says of it.
  if (['at', 'span'].includes(kind) && checkAnswer.Check(value)) return value as unknown as RecordAnswer;
  throw new Error('it is of another version, or no replica');
}
