import { MiddleMean } from '../combination/middle-mean.ts';
import type { Backtest } from './backtest.ts';
import type { Prepared } from './prepared.ts';

/** Horizons have weights in groups that end at these shares of a season, and at the farthest horizon. */
const groupEnds = [1 / 8, 1 / 4, 1 / 2, 1, 3 / 2, 2];
/** A weight is the error to minus this power; powers from 2 to 6 give errors that differ by less than half a per cent. */
const power = 4;
/** Share of an expert's mean error over all horizons in its error at one group of them. */
const pooledShare = 0.5;
/** An error below this, as a share of the mean value, is rounding. */
const noError = 1e-7;
/** Share of the weight that is left out at either end: the combination is an interquartile mean. */
const leftOutShare = 0.25;

/** Combines one path of each expert (undefined = the expert is not available) into one path. */
export type Combine = (paths: readonly (Float64Array | undefined)[]) => Float64Array;

/**
 * Weighs the experts by their errors at the origins of a backtest, per group of horizons, and combines them by the
 * interquartile mean in square-root space: an expert far from the others has no influence, and a small change of the
 * predictions changes the combination only a little.
 */
export function weighExperts(
  backtest: Backtest,
  prepared: Prepared,
  season: number,
  reference: number,
): Combine {
  const ends = groupEndsOf(season, backtest.horizonSteps);
  const errors = errorsOf(backtest, prepared, ends, reference);
  const weights: (number[] | undefined)[] = errors.map((ofExpert) => {
    if (ofExpert === undefined) return undefined;
    const pooled = ofExpert.reduce((sum, error) => sum + error, 0) / ofExpert.length;
    return ofExpert.map((error) => (pooledShare * pooled + (1 - pooledShare) * error + noError) ** -power);
  });
  // Where no expert could be scored the reference, which is always available, has all the weight.
  if (!weights.some((ofExpert) => ofExpert !== undefined)) weights[reference] = ends.map(() => 1);
  const middle = new MiddleMean(weights.length, leftOutShare);
  return (paths) => {
    const order = paths.flatMap((path, e) => (path !== undefined && weights[e] !== undefined ? [e] : []));
    const combined = new Float64Array(backtest.horizonSteps);
    let group = 0;
    for (let h = 0; h < combined.length; h++) {
      while (group < ends.length - 1 && h >= ends[group]!) group++;
      const predicted = (e: number) => paths[e]![h]!;
      order.sort((a, b) => predicted(a) - predicted(b) || a - b);
      order.forEach((e, i) => {
        middle.values[i] = Math.sqrt(predicted(e));
        middle.weights[i] = weights[e]![group]!;
      });
      combined[h] = middle.of(order.length) ** 2;
    }
    return combined;
  };
}

function groupEndsOf(season: number, horizonSteps: number): number[] {
  const ends = groupEnds.map((share) => Math.round(share * season));
  return [...new Set([...ends.filter((end) => end > 0 && end < horizonSteps), horizonSteps])];
}

/**
 * Mean absolute errors by expert and group. An expert that was not available at some origins is compared with the reference
 * at the other origins, so that it does not gain from having missed a hard day. Undefined for an expert without any score.
 */
function errorsOf(
  { origins, paths, horizonSteps }: Backtest,
  { values, isObserved }: Prepared,
  ends: readonly number[],
  reference: number,
): (number[] | undefined)[] {
  /** Errors of an expert at the origins where another expert was available too. */
  const meanErrors = (expert: number, other: number): number[] => {
    const sums = ends.map(() => 0);
    const counts = ends.map(() => 0);
    origins.forEach((origin, o) => {
      const path = paths[expert]![o];
      if (path === undefined || paths[other]![o] === undefined) return;
      let group = 0;
      for (let h = 0; h < horizonSteps && origin + h < values.length; h++) {
        while (group < ends.length - 1 && h >= ends[group]!) group++;
        if (isObserved[origin + h] === 0) continue;
        sums[group]! += Math.abs(path[h]! - values[origin + h]!);
        counts[group]! += 1;
      }
    });
    return sums.map((sum, g) => sum / counts[g]!);
  };
  const ofReference = meanErrors(reference, reference);
  return paths.map((_ofExpert, expert) => {
    const beside = meanErrors(reference, expert);
    const ratios = meanErrors(expert, reference).map(
      (error, g) => (error + noError) / (beside[g]! + noError),
    );
    const scored = ratios.filter((ratio) => !Number.isNaN(ratio));
    if (scored.length === 0) return undefined;
    const usual = scored.reduce((sum, ratio) => sum + ratio, 0) / scored.length;
    return ratios.map((ratio, g) => (Number.isNaN(ratio) ? usual : ratio) * (ofReference[g]! || 1));
  });
}
