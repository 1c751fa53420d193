import { mostToldRollUps, type RecordReply } from '../../api/peers.ts';
import {
  type AskOthers,
  type DemandArchive,
  decodeRollUps,
  merged,
  type RollUp,
  type SeriesArchive,
  type SeriesId,
  seriesArchive,
  spanSeconds,
} from '../../history/archive/index.ts';
import { within } from '../../platform/deadline.ts';
import { nextTurn } from '../../platform/turns/time-slices.ts';
import { peerMs } from './ask-peer.ts';
import type { Peers } from './follow-peers.ts';

type AskRecords = Peers['askRecords'];

/** Time between two series whose archives are compared with those of the others. */
const handOverMs = 500;
/** Longest pause where nobody answers, and tries without an answer until nobody is looked for any more: about an hour. */
const longestPauseMs = 300_000;
const mostSilentTries = 20;
/** What is younger is with all replicas, because each reads it itself. */
const settledSeconds = 86_400;
/** Questions for the roll-ups of one series at most: 13 months are 14. */
const mostQuestions = 40;

/** The archives of all replicas. */
export interface SharedArchive {
  /** The archive of a series. What this replica lacks of it the others hand over, soon after it was opened, or when it is read. */
  archiveOf(series: SeriesId): SeriesArchive;
  /** From then on others are asked. */
  shareWith(askRecords: AskRecords): void;
  close(): void;
}

/**
 * Lets replicas hand over what one of them lacks, so that one whose volume is new learns from the same rows as the others. What is read
 * when a model starts is asked for at once, the rest one series after the other.
 */
export function createSharedArchive(own: DemandArchive): SharedArchive {
  const known = Promise.withResolvers<AskRecords>();
  const waiting = new Map<string, SeriesId>();
  let isBusy = false;
  /** Tries in a row that nobody answered, and how long the next one waits. */
  let silentTries = 0;
  let pauseMs = 0;

  const askOthers: AskOthers = async ({ key: series, lengthSeconds, mostRows }, fromSeconds, toSeconds) => {
    try {
      const ask = await within(peerMs, known.promise);
      const question = { kind: 'archive' as const, series, lengthSeconds, fromSeconds, toSeconds };
      return await rollUpsOf(await ask(question), { ...question, mostRows });
    } catch {
      // Nobody is there, or not yet; what this replica has is what there is.
      return [];
    }
  };

  async function handOverNext(): Promise<void> {
    const [series] = waiting.values();
    pauseMs -= handOverMs;
    if (isBusy || series === undefined || pauseMs > 0) return;
    isBusy = true;
    try {
      const ask = await known.promise;
      waiting.delete(series.key);
      const isCompared = await handOver(own, series, ask, askOthers).catch(() => false);
      silentTries = isCompared ? 0 : silentTries + 1;
      if (isCompared) return;
      // Its turn comes again after those of all others.
      waiting.set(series.key, series);
      pauseMs = Math.min(handOverMs * 2 ** silentTries, longestPauseMs);
      if (silentTries < mostSilentTries) return;
      // This replica is alone. Another one that comes asks for what it lacks itself.
      waiting.clear();
      silentTries = 0;
    } finally {
      isBusy = false;
    }
  }
  const timer = setInterval(() => void handOverNext(), handOverMs).unref();

  return {
    archiveOf(series) {
      waiting.set(series.key, series);
      return seriesArchive(own, series, askOthers);
    },
    shareWith: known.resolve,
    close: () => clearInterval(timer),
  };
}

/** Takes what others have of a series and this replica has not; false where nobody answered. */
async function handOver(
  own: DemandArchive,
  series: SeriesId,
  ask: AskRecords,
  askOthers: AskOthers,
): Promise<boolean> {
  const { key, lengthSeconds } = series;
  const replies = await ask({ kind: 'archive-spans', series: key });
  const told = replies.flatMap((reply) => ('spans' in reply ? reply.spans : []));
  if (replies.length === 0) return false;
  const mine = new Map(await own.spans(key));
  const span = spanSeconds(lengthSeconds);
  const newest = Math.max(...mine.keys(), ...told.map(([fromSeconds]) => fromSeconds)) + span;
  const missing = told
    .filter(([from, rows]) => rows > (mine.get(from) ?? 0) && from + span < newest - settledSeconds)
    .map(([from]) => from)
    .sort((a, b) => a - b);
  let doneSeconds = Number.NEGATIVE_INFINITY;
  for (let questions = 0; questions < mostQuestions; questions++) {
    const from = missing.find((seconds) => seconds >= doneSeconds);
    if (from === undefined) break;
    doneSeconds = from + Math.floor((mostToldRollUps * lengthSeconds) / span) * span;
    // A span has the moments from its begin to before its end, a question those after the one up to the other.
    const rollUps = await askOthers(series, from - 1, doneSeconds - 1);
    own.note({ key, lengthSeconds, rollUps });
  }
  return true;
}

/** What was told, as far as it is what was asked for; the event loop turns after each reply. */
async function rollUpsOf(
  replies: readonly RecordReply[],
  asked: Omit<SeriesId, 'key'> & { readonly fromSeconds: number; readonly toSeconds: number },
): Promise<RollUp[]> {
  const isAskedFor = ({ atSeconds, mean, peak, rows }: RollUp) =>
    atSeconds > asked.fromSeconds &&
    atSeconds <= asked.toSeconds &&
    // Roll-ups of several rows end where those of this replica end; a row has its own time.
    (asked.mostRows === 1 || atSeconds % asked.lengthSeconds === 0) &&
    Number.isFinite(mean + peak) &&
    // One of more rows would take the place of what this replica has itself.
    rows >= 1 &&
    rows <= asked.mostRows;
  let all: RollUp[] = [];
  for (const reply of replies) {
    if (!('rollUps' in reply)) continue;
    all = merged(all, decoded(reply.rollUps).filter(isAskedFor));
    await nextTurn();
  }
  return all;
}

/** The roll-ups of parts, no more of which are looked at than a replica tells. */
function decoded(parts: readonly string[]): RollUp[] {
  const rollUps: RollUp[] = [];
  for (const part of parts) {
    if (rollUps.length >= mostToldRollUps) break;
    rollUps.push(...decodeRollUps(Buffer.from(part, 'base64')));
  }
  return rollUps;
}
