import type { Backtest } from './backtest.ts';
import type { Prepared } from './prepared.ts';

/** Horizons whose errors are sorted; between them the quantiles are interpolated. */
const horizonRatio = 1.4;
/** Errors at a horizon are pooled with those this much nearer and farther, and this many steps at least. */
const pooledRatio = 1.5;
const pooledSteps = 2;
/**
 * Two weeks of backtests are few, overlap, and have served to choose the weights, so their quantiles are too narrow: on the
 * hourly windows of `make bench BENCH_ARGS="--parts hourly"` the central 95 % interval covers 93.5 % unwidened, 96.5 % so widened.
 */
const widening = 1.18;

/** How far from its prediction a value lies at `level`, a difference of square roots; 0 at 0.5, never falling with the level. */
export type Residuals = (level: number, horizon: number) => number;

/**
 * Residuals of the combination at the origins of a backtest, pooled over neighbouring horizons. Half of a quantile comes
 * from the residuals above (or below) their median, half from their sizes whatever the sign: with a dozen independent
 * errors a tail of one side alone is chance.
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
      const path = combined[o];
      if (path === undefined) return;
      for (let h = Math.max(1, Math.ceil(nearest)); h <= Math.min(horizonSteps, farthest); h++) {
        const at = origin + h - 1;
        if (isObserved[at] === 1) residuals.push(Math.sqrt(values[at] ?? 0) - Math.sqrt(path[h - 1] ?? 0));
      }
    });
    return {
      signed: Float64Array.from(residuals).sort(),
      sizes: Float64Array.from(residuals, Math.abs).sort(),
    };
  });
  const quantileAt = (place: number, level: number): number => {
    const { signed, sizes } = sorted[place] ?? { signed: new Float64Array(), sizes: new Float64Array() };
    const side = quantile(signed, level) - quantile(signed, 0.5);
    const size = Math.sign(level - 0.5) * quantile(sizes, Math.abs(2 * level - 1));
    return (widening * (side + size)) / 2;
  };
  return (level, horizon) => {
    let above = 0;
    while (above < horizons.length - 1 && (horizons[above] ?? 0) < horizon) above++;
    const to = horizons[above] ?? horizon;
    const from = horizons[above - 1] ?? to;
    const share = to > from ? Math.log(horizon / from) / Math.log(to / from) : 1;
    return share * quantileAt(above, level) + (share < 1 ? (1 - share) * quantileAt(above - 1, level) : 0);
  };
}

/** By the finite-sample rank (n + 1)·level of split conformal prediction, interpolated; 0 of nothing. */
function quantile(sorted: Float64Array, level: number): number {
  const last = sorted.length - 1;
  if (last < 0) return 0;
  const rank = Math.min(last, Math.max(0, (sorted.length + 1) * level - 1));
  const below = Math.floor(rank);
  const low = sorted[below] ?? 0;
  return low + (rank - below) * ((sorted[Math.min(below + 1, last)] ?? low) - low);
}
