import { type Static, Type } from 'typebox';
import type { DecisionRecord, RecordAnswer } from '../forecast/index.ts';
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

export const PeerStateSchema = Type.Object({
  protocol: Type.Literal(peerProtocol),
  /** Its name for people, and what no other process has, by which a replica recognises itself. */
  replica: Type.String({ minLength: 1, maxLength: 253 }),
  instance: Type.String({ minLength: 1, maxLength: 64 }),
  version: Type.String({ maxLength: 64 }),
  mode: ModeSchema,
  switched: orNull(ModeSwitchedSchema),
  /** What KEDA lately asked it for: key, seconds since it was asked, since a stream was open, and since it was opened. */
  asked: Type.Array(Type.Tuple([TriggerKey, Age, Age, Age]), { maxItems: mostToldTriggers }),
});
export type PeerState = Static<typeof PeerStateSchema>;

const Key = { namespace: Type.String(), name: Type.String(), trigger: Type.String() };
const closed = { additionalProperties: false };

/** Most events of one answer. */
export const mostToldEvents = 2_000;

/** A question to what one replica remembers. */
export const RecordQuestionSchema = Type.Union([
  Type.Object({ kind: Type.Literal('events'), sinceSeconds: Type.Number() }, closed),
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

export type RecordReply = RecordAnswer | readonly string[] | { readonly events: readonly Event[] };

/** What one replica answers from what it remembers itself. */
export async function answerRecord(
  { ownRecord: record, ownEvents }: Pick<PeerSide, 'ownRecord' | 'ownEvents'>,
  question: RecordQuestion,
): Promise<RecordReply> {
  switch (question.kind) {
    case 'events':
      return { events: newestOfEach(ownEvents(question.sinceSeconds), mostToldEvents) };
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
  /** What this replica noticed since a time. */
  ownEvents(sinceSeconds: number): readonly Event[];
}
