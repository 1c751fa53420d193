import { mergedEvents } from '../../api/answers/events/event-list.ts';
import { mostToldRows, type RecordQuestion, type RecordReply } from '../../api/peers.ts';
import type { Event } from '../../api/schemas/events.ts';
import type { DecisionRecord, RecordAnswer, RecordState } from '../../forecast/index.ts';
import { wholeMoments } from '../../scaler/index.ts';
import type { Peers } from './follow-peers.ts';
import { everyRow, pickedRow, rowsAtMoments } from './merged-rows.ts';

/**
 * The record of all replicas as one: each question goes to the own record and to those of the peers, and what KEDA was told counts
 * before what a replica decided that KEDA did not ask. What a peer does not answer in time is left out.
 */
export function shareRecord(
  own: DecisionRecord,
  peers: Pick<Peers, 'askRecords'>,
  inForceSeconds: number,
): DecisionRecord {
  async function answersTo(question: RecordQuestion, asked: Promise<RecordAnswer>) {
    // One that is refused, because too many ask, is not handed on.
    const first = await asked;
    return [first, ...(await peers.askRecords(question)).filter(isAnswer)];
  }

  return {
    async triggers(namespace, name) {
      const known = await own.triggers(namespace, name);
      const others = await peers.askRecords({ kind: 'triggers', namespace, name });
      const told = others.flatMap((answer) => (isTriggers(answer) ? answer : []));
      return [...new Set([...known, ...told])].sort();
    },
    async at(key, atSeconds) {
      const answers = await answersTo({ kind: 'at', key: keyOf(key), atSeconds }, own.at(key, atSeconds));
      const row = pickedRow(answers.flatMap(({ rows }) => rows));
      return { ...sharedState(answers), rows: row === undefined ? [] : [row], nextSeconds: undefined };
    },
    async read(key, span) {
      const { stepSeconds, fromSeconds, toSeconds } = span;
      const limit = Math.min(mostToldRows, span.limit);
      const question = { fromSeconds, toSeconds, stepSeconds: stepSeconds ?? null, limit };
      const answers = await answersTo(
        { kind: 'span', key: keyOf(key), ...question },
        own.read(key, { ...span, limit }),
      );
      // Beyond the first of these times some replica has more than it could tell.
      const ends = answers.flatMap(({ nextSeconds }) => nextSeconds ?? []);
      const endSeconds = ends.length === 0 ? undefined : Math.min(...ends);
      const parts = answers.map(({ rows }) =>
        rows.filter(({ atSeconds }) => atSeconds < (endSeconds ?? Infinity)),
      );
      const rows = stepSeconds === undefined ? everyRow(parts, inForceSeconds) : rowsAtMoments(parts);
      const end = wholeMoments(rows, limit, ({ atSeconds }) => atSeconds);
      return {
        ...sharedState(answers),
        rows: rows.slice(0, end),
        nextSeconds: rows[end]?.atSeconds ?? endSeconds,
      };
    },
  };
}

const isAnswer = (answer: RecordReply): answer is RecordAnswer => 'rows' in answer;
const isTriggers = (answer: RecordReply): answer is readonly string[] => Array.isArray(answer);

/** What all replicas noticed since a time. */
export async function sharedEvents(
  own: readonly Event[],
  peers: Pick<Peers, 'askRecords'>,
  sinceSeconds: number,
): Promise<readonly Event[]> {
  const others = await peers.askRecords({ kind: 'events', sinceSeconds });
  const told = others.map((answer) => ('events' in answer ? answer.events : []));
  return mergedEvents([own, ...told]);
}

/** Only what names the trigger: a caller may hand over more. */
function keyOf({ namespace, name, trigger }: Parameters<DecisionRecord['at']>[0]) {
  return { namespace, name, trigger };
}

/** The record is in files only if all of it is, and begins where the oldest part of it does. */
function sharedState(answers: readonly RecordAnswer[]): RecordState & Pick<RecordAnswer, 'oldestSeconds'> {
  const warnings = answers.flatMap(({ warning }) => warning ?? []).sort();
  const oldest = answers.flatMap(({ oldestSeconds }) => oldestSeconds ?? []);
  return {
    kept: answers.every(({ kept }) => kept === 'file') ? 'file' : 'memory',
    warning: warnings.length === 0 ? undefined : warnings.join('; '),
    oldestSeconds: oldest.length === 0 ? undefined : Math.min(...oldest),
  };
}
