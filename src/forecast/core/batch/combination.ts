import { MiddleMean } from '../combination/middle-mean.ts';
import { type ExpertErrors, noError } from './expert-errors.ts';

/**
 * A weight is the error to minus this power. The errors have been drawn together (shared-errors.ts): of them a sharper power than the
 * fourth, which is best for errors as they are, does less harm to the series that is unlike all others, at nearly the same mean.
 */
const power = 6;
/** Share of an expert's mean error over all horizons in its error at one group of them. */
const pooledShare = 0.5;
/** Share of the weight that is left out at either end of the combination. */
const leftOutShare = 0.2;

/** Combines one path of each expert (undefined = the expert is not available) into one path. */
export type Combine = (paths: readonly (Float64Array | undefined)[]) => Float64Array;

/**
 * Weighs the experts by their errors, per group of horizons, and combines them by the mean of the middle in square-root space:
 * an expert far from the others has no influence, and a small change of the predictions changes the combination only a little.
 * `reference` is the number of the expert that has all the weight where none could be scored.
 */
export function weighExperts(errors: ExpertErrors, reference: number): Combine {
  const { ends, horizonSteps } = errors;
  const weights = weightsOf(errors);
  if (!weights.some((ofExpert) => ofExpert !== undefined)) weights[reference] = ends.map(() => 1);
  const middle = new MiddleMean(weights.length, leftOutShare);
  return (paths) => {
    const order = paths.flatMap((path, e) => (path !== undefined && weights[e] !== undefined ? [e] : []));
    const combined = new Float64Array(horizonSteps);
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

/** Weights by expert and group of horizons; undefined for an expert that could not be scored. */
function weightsOf({ ratios, ofReference }: ExpertErrors): (number[] | undefined)[] {
  return ratios.map((ofExpert) => {
    if (ofExpert === undefined) return undefined;
    const errors = ofExpert.map((ratio, g) => ratio * (ofReference[g]! || 1));
    const pooled = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    return errors.map((error) => (pooledShare * pooled + (1 - pooledShare) * error + noError) ** -power);
  });
}
