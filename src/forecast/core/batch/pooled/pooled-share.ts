import { sumOfTrees, type Trees } from '../../families/trees.ts';
import { featuresFrom, pooledFeatureNames } from './pooled-features.ts';
import type { PooledSeries } from './pooled-series.ts';

/** Shares of the correction that are tried. */
const shares = [0.25, 0.5, 0.75, 1];
/** A share is proven where the mean gain over the series is this many standard errors: series of the same days are not independent. */
const fewestStandardErrors = 3;

/** How far trees say that the combination is off at each step of a path, in square roots. */
export function correctionOf(
  trees: Trees,
  series: PooledSeries,
  origin: number,
  steps: number,
): Float64Array {
  const features = new Float64Array(pooledFeatureNames.length);
  const read = featuresFrom(series, origin);
  return Float64Array.from({ length: steps }, (_, h) => {
    read(h, features);
    return series.unit * sumOfTrees(trees, features);
  });
}

/** The share of the correction that is best in the last `heldOutSteps` of all series, which the trees do not know; 0 = none is proven. */
export function provenShare(trees: Trees, series: readonly PooledSeries[], heldOutSteps: number): number {
  const gains = series.flatMap((one) => {
    const [plain, ...corrected] = heldOutErrors(trees, one, heldOutSteps);
    return plain === undefined ? [] : [corrected.map((error) => plain - error)];
  });
  let best = { share: 0, gain: 0 };
  shares.forEach((share, i) => {
    const own = gains.map((gain) => gain[i]!);
    const gain = own.reduce((sum, one) => sum + one, 0) / own.length;
    const square = own.reduce((sum, one) => sum + (one - gain) ** 2, 0) / (own.length - 1);
    const isProven = gain > fewestStandardErrors * Math.sqrt(square / own.length);
    if (isProven && gain > best.gain) best = { share, gain };
  });
  return best.share;
}

/**
 * Mean absolute errors from the origins of the last `heldOutSteps`, without the correction and by share of it, in typical changes from
 * day to day, or errors where those are larger. Every step of the path counts alike, whether few or many of its forecasts have come due; empty where none has.
 */
function heldOutErrors(trees: Trees, series: PooledSeries, heldOutSteps: number): number[] {
  const { origins, roots, isObserved, combined, change, unit } = series;
  const horizonSteps = combined[0]!.length;
  const tried = [0, ...shares];
  const sums = tried.map(() => new Float64Array(horizonSteps));
  const counts = new Float64Array(horizonSteps);
  for (let o = 0; o < origins.length - 1; o++) {
    const origin = origins[o]!;
    if (origin < roots.length - heldOutSteps) continue;
    const steps = Math.min(horizonSteps, roots.length - origin);
    const correction = correctionOf(trees, series, o, steps);
    for (let h = 0; h < steps; h++) {
      if (isObserved[origin + h] === 0) continue;
      counts[h] = counts[h]! + 1;
      const truth = roots[origin + h]! ** 2;
      tried.forEach((share, i) => {
        const root = Math.max(0, combined[o]![h]! + share * correction[h]!);
        sums[i]![h] = sums[i]![h]! + Math.abs(truth - root ** 2);
      });
    }
  }
  const known = [...counts.keys()].filter((h) => counts[h]! > 0);
  if (known.length === 0) return [];
  const scale = known.length * Math.max(change, unit);
  return sums.map((sum) => known.reduce((total, h) => total + sum[h]! / counts[h]!, 0) / scale);
}
