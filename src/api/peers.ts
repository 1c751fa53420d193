import { type Static, Type } from 'typebox';
import type { DecisionRecord, RecordAnswer } from '../forecast/index.ts';
import {
  type ArchivedSpan,
  type DemandArchive,
  encodeRollUps,
  type RollUp,
} from '../history/archive/index.ts';
import { newestOfEach } from './answers/events/event-list.ts';
import type { Event } from './schemas/events.ts';
import { ModeSchema, orNull } from './schemas/parts.ts';

// What replicas tell one another. A replica of another version may tell more or something else: what does not fit is left out.

/** Changes when replicas that differ in it could not understand one another. */
export const peerProtocol = 1;
/** Most triggers of one answer, and most keys that are asked for at once; with them a URL is shorter than is allowed. */
export const mostToldTriggers = 20_000;
export const mostKeys = 400;
/** Most decisions of one answer, some 400 KiB. */
export const mostToldRows = 500;

/** `reactive`: the kill switch is on, and every signal is the observed demand. */
export type ServerMode = Static<typeof ModeSchema>;
const Age = orNull(Type.Number({ minimum: 0, maximum: 1e9 }));

/** A switch of the kill switch that somebody made, and when; the newest one counts on every replica. */
export const ModeSwitchedSchema = Type.Object({
  mode: ModeSchema,
  /** Unix seconds. With a later time than that a double could not tell the next switch from this one. */
  at: Type.Number({ minimum: 0, maximum: 1e11 }),
});
export type ModeSwitched = Static<typeof ModeSwitchedSchema>;

const TriggerKey = Type.String({ pattern: '^[0-9a-f]{16}$' });

/** Events of calendars that were added at run time, and words on those that were removed. */
export const ToldEventsSchema = Type.Array(
  Type.Object({
    id: Type.String({ minLength: 1, maxLength: 64 }),
    /** Unix seconds; the newest word on an event counts. */
    at: Type.Number({ minimum: 0, maximum: 1e11 }),
    /** Null = it was removed. What a replica of another version understands by it is checked by who takes it. */
    event: Type.Unknown(),
  }),
  { maxItems: 1_000 },
);

export const PeerStateSchema = Type.Object({
  protocol: Type.Literal(peerProtocol),
  /** Its name for people, and what no other process has, by which a replica recognises itself. */
  replica: Type.String({ minLength: 1, maxLength: 253 }),
  instance: Type.String({ minLength: 1, maxLength: 64 }),
  version: Type.String({ maxLength: 64 }),
  mode: ModeSchema,
  switched: orNull(ModeSwitchedSchema),
  calendarEvents: Type.Optional(ToldEventsSchema),
  /** What KEDA lately asked it for: key, seconds since it was asked, since a stream was open, and since it was opened. */
  asked: Type.Array(Type.Tuple([TriggerKey, Age, Age, Age]), { maxItems: mostToldTriggers }),
});
export type PeerState = Static<typeof PeerStateSchema>;

const Key = { namespace: Type.String(), name: Type.String(), trigger: Type.String() };
const closed = { additionalProperties: false };

/** What a series is archived under. */
const SeriesKey = Type.String({ pattern: '^[0-9a-f]{32}$' });
/** Most roll-ups of one answer, four weeks of five minutes; one turn of the event loop writes them, in parts of so many. */
export const mostToldRollUps = 8_192;
const rollUpsPerPart = 1_024;

/** Most events of one answer. */
export const mostToldEvents = 2_000;

/** A question to what one replica remembers. */
export const RecordQuestionSchema = Type.Union([
  Type.Object({ kind: Type.Literal('events'), sinceSeconds: Type.Number() }, closed),
  Type.Object({ kind: Type.Literal('archive-spans'), series: SeriesKey }, closed),
  Type.Object(
    {
      kind: Type.Literal('archive'),
      series: SeriesKey,
      lengthSeconds: Type.Integer({ minimum: 1, maximum: 86_400 }),
      fromSeconds: Type.Number({ minimum: 0, maximum: 1e11 }),
      toSeconds: Type.Number({ minimum: 0, maximum: 1e11 }),
    },
    closed,
  ),
  Type.Object({ kind: Type.Literal('triggers'), namespace: Type.String(), name: Type.String() }, closed),
  Type.Object({ kind: Type.Literal('at'), key: Type.Object(Key, closed), atSeconds: Type.Number() }, closed),
  Type.Object(
    {
      kind: Type.Literal('span'),
      key: Type.Object(Key, closed),
      fromSeconds: Type.Number(),
      toSeconds: Type.Number(),
      stepSeconds: orNull(Type.Number({ exclusiveMinimum: 0 })),
      limit: Type.Integer({ minimum: 1, maximum: mostToldRows }),
    },
    closed,
  ),
]);
export type RecordQuestion = Static<typeof RecordQuestionSchema>;

export type RecordReply =
  | RecordAnswer
  | readonly string[]
  | { readonly events: readonly Event[] }
  | { readonly spans: readonly ArchivedSpan[] }
  | ToldRollUps;

/** Roll-ups of demand as chunks in base64, the oldest of a span. */
interface ToldRollUps {
  readonly rollUps: readonly string[];
}

/** What one replica answers from what it remembers itself. */
export async function answerRecord(
  { ownRecord: record, ownEvents, ownArchive }: Pick<PeerSide, 'ownRecord' | 'ownEvents' | 'ownArchive'>,
  question: RecordQuestion,
): Promise<RecordReply> {
  switch (question.kind) {
    case 'events':
      return { events: newestOfEach(ownEvents(question.sinceSeconds), mostToldEvents) };
    case 'archive-spans':
      return { spans: (await ownArchive?.spans(question.series)) ?? [] };
    case 'archive': {
      const { series, lengthSeconds, fromSeconds, toSeconds } = question;
      const untilSeconds = Math.min(toSeconds, fromSeconds + mostToldRollUps * lengthSeconds);
      return toldRollUps((await ownArchive?.read(series, fromSeconds, untilSeconds)) ?? [], lengthSeconds);
    }
    case 'triggers':
      return record.triggers(question.namespace, question.name);
    case 'at':
      return record.at(question.key, question.atSeconds);
    case 'span': {
      const { key, stepSeconds, ...span } = question;
      return record.read(key, { ...span, stepSeconds: stepSeconds ?? undefined });
    }
  }
}

function toldRollUps(all: readonly RollUp[], lengthSeconds: number): ToldRollUps {
  const parts: string[] = [];
  for (let from = 0; from < Math.min(all.length, mostToldRollUps); from += rollUpsPerPart) {
    const bytes = encodeRollUps(all.slice(from, from + rollUpsPerPart), lengthSeconds);
    parts.push(Buffer.from(bytes).toString('base64'));
  }
  return { rollUps: parts };
}

/** A replica as people see it. */
export interface ReplicaStanding {
  readonly replica: string;
  readonly version: string;
  readonly mode: ServerMode;
  /** Whether it answered when it was asked last. */
  readonly answers: boolean;
}

/** What a replica tells its peers, and takes from them. */
export interface PeerSide {
  state(): PeerState;
  /** Takes a switch that another replica was told. */
  takeMode(switched: ModeSwitched): void;
  /** The own record, without that of others, so that a question is handed on once at most. */
  readonly ownRecord: DecisionRecord;
  /** The own archive of demand; undefined where nothing is archived. */
  readonly ownArchive?: Pick<DemandArchive, 'read' | 'spans'> | undefined;
  /** What the model of that name among snapshots has learned, packed; undefined where there is none, or before it has caught up. */
  snapshot(name: string): Promise<Uint8Array | undefined>;
  /** What this replica noticed since a time. */
  ownEvents(sinceSeconds: number): readonly Event[];
}
