import { boostedTrees } from './boosting.ts';
import { pooledRows } from './pooled-rows.ts';
import type { PooledSeries } from './pooled-series.ts';
import { correctionOf, provenShare } from './pooled-share.ts';

/** With fewer series than this nothing is learned from all of them together. */
export const fewestPooledSeries = 50;

/**
 * What the series of one call have in common: boosted trees learn from past forecasts of all of them how far the combination is off.
 * They first learn without the end of each series and have to prove there which share of their correction helps; by that share those that
 * know everything correct the forecasts of now. Answers by series what to add to the square root of each step; undefined
 * where nothing is proven. The order of the series changes no answer.
 */
export function pooledCorrections(series: readonly PooledSeries[]): readonly Float64Array[] | undefined {
  if (series.length < fewestPooledSeries) return undefined;
  const ordered = [...series].sort(inOrder);
  const horizonSteps = ordered[0]!.combined[0]!.length;
  const heldOutSteps = horizonSteps + ordered[0]!.day;
  const trees = treesOf(ordered, heldOutSteps);
  const share = provenShare(trees, ordered, heldOutSteps);
  if (share === 0) return undefined;
  const all = treesOf(ordered, 0);
  return series.map((one) =>
    correctionOf(all, one, one.origins.length - 1, horizonSteps).map((root) => share * root),
  );
}

function treesOf(series: readonly PooledSeries[], heldOutSteps: number) {
  const { columns, answers } = pooledRows(series, heldOutSteps);
  return boostedTrees(columns, answers);
}

/** An order that depends on the values alone. */
function inOrder(a: PooledSeries, b: PooledSeries): number {
  if (a.roots.length !== b.roots.length) return a.roots.length - b.roots.length;
  for (let step = 0; step < a.roots.length; step++) {
    const difference = a.roots[step]! - b.roots[step]! || a.isObserved[step]! - b.isObserved[step]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
