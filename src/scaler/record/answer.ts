import type { RecordAnswer, RecordKey, RecordRow, RecordSpan } from '../../forecast/index.ts';
import { decodeChunk } from './chunk/chunk.ts';
import { longestKeptSeconds } from './chunk/fit.ts';
import type { RecordKeeper } from './keeper.ts';
import { wholeMoments } from './whole-moments.ts';

type Rows = RecordAnswer['rows'];
type Page = Pick<RecordAnswer, 'rows' | 'nextSeconds'>;

/** Longest decision window; a bound says nothing of what comes later. */
const longestWindowSeconds = 86_400;

/**
 * For how long a decision was in force at most. They are made every refresh interval, so that after a longer silence none was: the
 * server did not run.
 */
export function inForceSeconds(refreshIntervalSeconds: number): number {
  return Math.max(1.5 * longestKeptSeconds, 3 * refreshIntervalSeconds);
}

/** The decision that was in force at a moment; no row where there was none. */
export function answerAt(
  keeper: RecordKeeper,
  key: RecordKey,
  atSeconds: number,
  inForce: number,
): Pick<RecordAnswer, 'rows' | 'nextSeconds'> {
  const rows = readRows(keeper, key, { fromSeconds: atSeconds - inForce, toSeconds: atSeconds }, inForce);
  return { rows: atMoments(rows, [atSeconds], inForce), nextSeconds: undefined };
}

/** Decisions of a span of time, every one or at whole multiples of the step. */
export function answerSpan(keeper: RecordKeeper, key: RecordKey, span: RecordSpan, inForce: number): Page {
  const { fromSeconds, toSeconds, stepSeconds, limit } = span;
  if (stepSeconds === undefined) {
    const rows = readRows(keeper, key, { fromSeconds, toSeconds }, inForce, limit + 1);
    const within = rows.filter(({ decision: { atSeconds } }) => isWithin(atSeconds, span));
    return everyRow(within, rows, limit, inForce);
  }
  const first = Math.ceil(fromSeconds / stepSeconds) * stepSeconds;
  const count = Math.max(0, Math.floor((toSeconds - first) / stepSeconds) + 1);
  const moments = Array.from({ length: Math.min(limit, count) }, (_, index) => first + index * stepSeconds);
  const last = moments.at(-1) ?? first;
  const rows = readRows(keeper, key, { fromSeconds: first - inForce, toSeconds: last }, inForce);
  return {
    rows: atMoments(rows, moments, inForce),
    nextSeconds: count > limit ? last + stepSeconds : undefined,
  };
}

const isWithin = (seconds: number, { fromSeconds, toSeconds }: RecordSpan) =>
  seconds >= fromSeconds && seconds <= toSeconds;

/**
 * Decisions from `from` on in order of time: those up to `to`, or as many as are wanted, and what came in their windows. Chunks are
 * opened one after the other until that is reached.
 */
function readRows(
  keeper: RecordKeeper,
  key: RecordKey,
  { fromSeconds, toSeconds }: Pick<RecordSpan, 'fromSeconds' | 'toSeconds'>,
  inForce: number,
  most = Number.POSITIVE_INFINITY,
): readonly RecordRow[] {
  const rows: RecordRow[] = [];
  let wanted = 0;
  let untilSeconds = toSeconds;
  for (const chunk of keeper.chunksOf(key, fromSeconds, toSeconds + longestWindowSeconds)) {
    // The first decision after a window says that all of it is there.
    if (chunk.fromSeconds > untilSeconds + inForce) break;
    for (const row of decodeChunk(chunk.bytes)) {
      const { decision } = row;
      if (decision.atSeconds < fromSeconds) continue;
      rows.push(row);
      if (decision.atSeconds > toSeconds || wanted >= most) continue;
      wanted++;
      if (wanted >= most) untilSeconds = decision.atSeconds;
      if (decision.kind === 'served')
        untilSeconds = Math.max(untilSeconds, decision.atSeconds + decision.windowSeconds);
    }
  }
  return rows.sort((a, b) => a.decision.atSeconds - b.decision.atSeconds);
}

function everyRow(
  within: readonly RecordRow[],
  rows: readonly RecordRow[],
  limit: number,
  inForce: number,
): Page {
  const end = wholeMoments(within, limit, ({ decision }) => decision.atSeconds);
  return {
    rows: withOutcomes(within.slice(0, end), rows, inForce),
    nextSeconds: within[end]?.decision.atSeconds,
  };
}

function withOutcomes(page: readonly RecordRow[], rows: readonly RecordRow[], inForce: number): Rows {
  const places = new Map(rows.map((row, place) => [row, place]));
  return page.map((row) => ({
    ...row,
    atSeconds: row.decision.atSeconds,
    came: cameAfter(rows, places.get(row) ?? 0, inForce),
  }));
}

function atMoments(rows: readonly RecordRow[], moments: readonly number[], inForce: number): Rows {
  let place = -1;
  return moments.flatMap((atSeconds) => {
    while ((rows[place + 1]?.decision.atSeconds ?? Number.POSITIVE_INFINITY) <= atSeconds) place++;
    const row = rows[place];
    if (row === undefined || atSeconds - row.decision.atSeconds > inForce) return [];
    return [{ ...row, atSeconds, came: cameAfter(rows, place, inForce) }];
  });
}

/** The highest demand observed in the window of a decision, where all of the window is on record and fresh data came in all of it. */
function cameAfter(rows: readonly RecordRow[], place: number, inForce: number): number | undefined {
  const made = rows[place]?.decision;
  if (made?.kind !== 'served') return undefined;
  const endSeconds = made.atSeconds + made.windowSeconds;
  let highest: number | undefined;
  let beforeSeconds = made.atSeconds;
  for (let next = place + 1; next < rows.length; next++) {
    const decision = rows[next]?.decision;
    if (decision === undefined || decision.atSeconds - beforeSeconds > inForce) return undefined;
    if (decision.atSeconds > endSeconds) return highest;
    beforeSeconds = decision.atSeconds;
    // Demand of a moment that nobody observed may have been higher.
    if (decision.kind !== 'served' || !decision.fresh) return undefined;
    highest = Math.max(highest ?? 0, decision.observed);
  }
  return undefined;
}
