import type { Backtest } from './backtest.ts';
import type { Prepared } from './prepared.ts';

/** Errors are sorted at horizons that are this many times apart; between them the quantiles are interpolated. */
const horizonRatio = 1.4;
/** Errors at a horizon are pooled with those at horizons up to this many times nearer and farther. */
const pooledRatio = 1.5;
/** Errors at a horizon are pooled at least with those up to this many steps nearer and farther. */
const pooledSteps = 2;
/**
 * The backtests of two weeks are few, overlap, and were used to choose the weights, so that their quantiles are too narrow. The tails
 * need it most, the middle is wide enough as it is: a quantile is this much wider at the median, and by the second more at the ends.
 */
const widening = { middle: 0.9, ends: 0.28 };

/** Difference of square roots between a value and its prediction at `level`; 0 at 0.5, never falling with the level. */
export type Residuals = (level: number, horizon: number) => number;

/**
 * Residuals of the combination at the origins of a backtest, pooled over neighbouring horizons. A quantile is the mean of the
 * one of the signed residuals and the one of their sizes, because with a dozen independent errors the tail of one side alone
 * is chance.
 */
export function residualsOf(
  { origins, horizonSteps }: Backtest,
  { values, isObserved }: Prepared,
  combined: readonly Float64Array[],
): Residuals {
  const horizons: number[] = [];
  for (let h = 1; h < horizonSteps; h = Math.max(h + 1, Math.round(h * horizonRatio))) horizons.push(h);
  horizons.push(horizonSteps);
  const sorted = horizons.map((horizon) => {
    const nearest = Math.min(horizon / pooledRatio, horizon - pooledSteps);
    const farthest = Math.max(horizon * pooledRatio, horizon + pooledSteps);
    const residuals: number[] = [];
    origins.forEach((origin, o) => {
      const path = combined[o]!;
      for (let h = Math.max(1, Math.ceil(nearest)); h <= Math.min(horizonSteps, farthest); h++) {
        const at = origin + h - 1;
        if (isObserved[at] === 1) residuals.push(Math.sqrt(values[at]!) - Math.sqrt(path[h - 1]!));
      }
    });
    return {
      signed: Float64Array.from(residuals).sort(),
      sizes: Float64Array.from(residuals, Math.abs).sort(),
    };
  });
  const quantileAt = (place: number, level: number): number => {
    const { signed, sizes } = sorted[place]!;
    const central = Math.abs(2 * level - 1);
    const side = quantile(signed, level) - quantile(signed, 0.5);
    const size = Math.sign(level - 0.5) * quantile(sizes, central);
    return ((widening.middle + widening.ends * central ** 2) * (side + size)) / 2;
  };
  return (level, horizon) => {
    let above = 0;
    while (above < horizons.length - 1 && horizons[above]! < horizon) above++;
    if (above === 0) return quantileAt(0, level);
    const from = horizons[above - 1]!;
    const share = Math.log(horizon / from) / Math.log(horizons[above]! / from);
    return share * quantileAt(above, level) + (share < 1 ? (1 - share) * quantileAt(above - 1, level) : 0);
  };
}

/** Quantile by the finite-sample rank (n + 1)·level of split conformal prediction, interpolated; 0 where there is no value. */
function quantile(sorted: Float64Array, level: number): number {
  const last = sorted.length - 1;
  if (last < 0) return 0;
  const rank = Math.min(last, Math.max(0, (sorted.length + 1) * level - 1));
  const below = Math.floor(rank);
  const low = sorted[below]!;
  return low + (rank - below) * (sorted[Math.min(below + 1, last)]! - low);
}
