import { createForecaster } from './forecaster.ts';
import { fewestSeasonSteps } from './lengths.ts';

export interface SeriesForecastOptions {
  /** Distance of the values, seconds. */
  readonly stepSeconds: number;
  readonly horizonSteps: number;
  /** Steps of the shortest season (default: a day's); seven of it are taken for the longer one. */
  readonly seasonSteps?: number;
  /** Probabilities in (0, 1), default 0.5, 0.9, 0.95, 0.99. */
  readonly quantiles?: readonly number[];
}

export interface SeriesForecast {
  /** Length horizonSteps. */
  readonly median: Float64Array;
  /** By `String(q)`, each of length horizonSteps. */
  readonly quantiles: Readonly<Record<string, Float64Array>>;
}

/** Steps of a batch are no wall time: any length that is not averaged onto a coarser grid will do. */
const virtualStepSeconds = 3600;

/**
 * Forecasts one series in one call; `values` are oldest first, NaN = missing. Throws a RangeError where there are fewer
 * than two seasons of values, because nothing can be said of them.
 */
export function forecastSeries(values: ArrayLike<number>, options: SeriesForecastOptions): SeriesForecast {
  const {
    stepSeconds,
    horizonSteps,
    seasonSteps = Math.max(1, Math.round(86_400 / stepSeconds)),
    quantiles,
  } = options;
  // A shorter cycle repeats within a longer one.
  const cycleSteps = seasonSteps * Math.ceil(fewestSeasonSteps / seasonSteps);
  const forecaster = createForecaster({
    stepSeconds: virtualStepSeconds,
    seasonsSeconds: [cycleSteps * virtualStepSeconds, 7 * cycleSteps * virtualStepSeconds],
    maxHorizonSeconds: horizonSteps * virtualStepSeconds,
  });
  for (let i = 0; i < values.length; i++)
    forecaster.observe((i + 1) * virtualStepSeconds, values[i] ?? Number.NaN);
  const result = forecaster.forecast({ horizonSteps, quantiles });
  if (result.status === 'ok') return { median: result.median, quantiles: result.quantiles };
  throw new RangeError(
    `forecastSeries: ${values.length} values are too few; give at least ${2 * cycleSteps}, two seasons of ${cycleSteps} steps`,
  );
}
