import { typical } from './typical.ts';

/** Starts before a change, without which nothing is known to have changed. */
const fewestBefore = 10;

/**
 * What makes a change: how many starts there must be since, and by how many standard deviations their ranks must differ from those
 * before. Slower starts are believed soon, because pods that come too late are what a lead time is for. Faster ones must be many and
 * beyond doubt: ten starts without a wait for a node come by chance.
 */
const slower = { fewestStarts: 6, deviations: 3 } as const;
const faster = { fewestStarts: 50, deviations: 6 } as const;
/** A change by less than this ratio is followed without being one. */
const leastRatio = 1.2;

/**
 * Index of the first start since starts last became slower, or much faster; 0 where they did not. `durations` are in order of time.
 * The two sides of a change are compared by the rank sum test of Mann and Whitney, at the place where they differ most. What became
 * faster is compared with all that came before: a few slow starts in a row are no new speed to fall from.
 */
export function lastChange(durations: readonly number[], mayBeFaster = true): number {
  const change = changeIn(durations, mayBeFaster);
  return change === 0 ? 0 : change + lastChange(durations.slice(change), false);
}

/** Where the starts changed most, 0 where they did not; `mayBeFaster` says in which directions it is looked for. */
function changeIn(durations: readonly number[], mayBeFaster: boolean): number {
  const count = durations.length;
  const ranks = ranksOf(durations);
  let most = 0;
  let change = 0;
  let rankSum = 0;
  for (let first = count - 1; first >= fewestBefore; first--) {
    rankSum += ranks[first] ?? 0;
    const since = count - first;
    const expected = (since * (count + 1)) / 2;
    const deviations = (rankSum - expected) / Math.sqrt((since * first * (count + 1)) / 12);
    if (Math.abs(deviations) <= Math.abs(most) || (deviations < 0 && !mayBeFaster)) continue;
    most = deviations;
    change = first;
  }
  const needed = most > 0 ? slower : faster;
  if (count - change < needed.fewestStarts || Math.abs(most) < needed.deviations) return 0;
  const ratio = typical(durations.slice(change)) / typical(durations.slice(0, change));
  return Math.max(ratio, 1 / ratio) < leastRatio ? 0 : change;
}

/** The rank of each value from 1 on; equal values share the mean of their ranks. */
function ranksOf(values: readonly number[]): readonly number[] {
  const sorted = Float64Array.from(values).sort();
  const meanRank = new Map<number, number>();
  for (let from = 0; from < sorted.length; ) {
    const value = sorted[from] ?? 0;
    let to = from;
    while (sorted[to + 1] === value) to++;
    meanRank.set(value, (from + to) / 2 + 1);
    from = to + 1;
  }
  return values.map((value) => meanRank.get(value) ?? 0);
}
