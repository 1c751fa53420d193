import { defaultQuantiles } from '../arithmetic/quantile-levels.ts';
import { neighboursOf } from '../combination/interpolation.ts';
import type { ForecastRequest, ForecastResult } from '../contract.ts';
import type { Engine } from '../engine/engine.ts';
import { whyNoForecast } from '../engine/readiness.ts';
import { boundAt, checkRequest, risingLevels } from './request.ts';

/** The forecast of the grid values after the origin. Throws a RangeError for a request that cannot be answered. */
export function forecastFrom(engine: Engine, request: ForecastRequest): ForecastResult {
  const { horizonSteps, quantiles = defaultQuantiles } = checkRequest(request);
  const { lengths, unit, originSeconds: origin } = engine;
  const seen = engine.seen();
  const reason = whyNoForecast(seen, lengths);
  if (reason !== undefined) return { status: 'learning', origin, reasons: [reason] };
  const median = new Float64Array(horizonSteps);
  const bands = risingLevels(quantiles).map((level, band) => ({
    level,
    band,
    path: new Float64Array(horizonSteps),
  }));
  // Residual quantiles are read once at each scored horizon, not at every step.
  const scored = engine.horizons.map((horizon) => ({
    horizonSteps: horizon.horizonSteps,
    residuals: bands.map(({ level }) => horizon.residualQuantile(level)),
  }));
  // From the far end, so that the whole path is predicted at once.
  for (let h = horizonSteps; h >= 1; h--) {
    const centre = engine.medianAt(h);
    const root = Math.sqrt(centre);
    const heldRoot = Math.sqrt(engine.heldAt(h));
    median[h - 1] = centre * unit;
    // While no value comes, the newest one is farther away than the origin says.
    const { below, above, share } = neighboursOf(scored, h + seen.silentSteps, (entry) => entry.horizonSteps);
    let floor = 0;
    for (const { level, band, path } of bands) {
      const residual = (1 - share) * below.residuals[band]! + share * above.residuals[band]!;
      const value = level === 0.5 ? centre : boundAt(level > 0.5 ? heldRoot : root, residual);
      floor = Math.max(floor, level > 0.5 ? Math.max(value, centre) : Math.min(value, centre));
      path[h - 1] = floor * unit;
    }
  }
  return {
    status: 'ok',
    origin,
    stepSeconds: lengths.gridSeconds,
    seasonsSeconds: seasonsSecondsOf(engine),
    median,
    quantiles: Object.fromEntries(bands.map(({ level, path }) => [String(level), path])),
  };
}

/** The seasons found, in whole seconds. */
export function seasonsSecondsOf({ seasons, lengths }: Engine): number[] {
  return seasons.foundSteps.map((steps) => Math.round(steps * lengths.gridSeconds));
}
