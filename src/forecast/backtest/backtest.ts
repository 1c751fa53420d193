import type { History } from '../../history/source.ts';
import { createForecaster, type Forecaster, type ModelOptions } from '../core/index.ts';

export interface BacktestOptions {
  /** First origin, unix seconds; origins are aligned up to the model's grid. */
  readonly fromSeconds: number;
  readonly everySeconds: number;
  /** Multiples of the grid; {@link splitHorizons} tells which are. */
  readonly horizonsSeconds: readonly number[];
  /** Windows whose peaks are forecast, seconds. */
  readonly windowsSeconds: readonly number[];
  readonly quantiles: readonly number[];
  readonly model: ModelOptions;
}

/** Forecasts at one origin, a line of `backtest --json`. They are empty while the model is learning. */
export interface BacktestLine {
  readonly origin: number;
  readonly forecasts: readonly {
    readonly horizonSeconds: number;
    readonly median: number;
    readonly quantiles: Readonly<Record<string, number>>;
  }[];
  readonly peaks: readonly {
    readonly windowSeconds: number;
    readonly quantiles: Readonly<Record<string, number>>;
  }[];
}

/**
 * Replays a history row by row and forecasts at every origin. The backtest is strictly prequential: when a line is made the
 * model has seen no row that is newer than the line's origin.
 */
export function* backtest(history: History, options: BacktestOptions): Generator<BacktestLine> {
  const { timestamps, values, isCensored } = history;
  const forecaster = createForecaster({ stepSeconds: history.stepSeconds, ...options.model });
  const newest = timestamps.at(-1) ?? Number.NEGATIVE_INFINITY;
  const { gridSeconds } = forecaster;
  const phase = gridSeconds === history.stepSeconds ? (timestamps[0] ?? 0) % gridSeconds : 0;
  const alignUp = (seconds: number) => Math.ceil((seconds - phase) / gridSeconds) * gridSeconds + phase;

  let row = 0;
  let previous = Number.NEGATIVE_INFINITY;
  for (let wanted = options.fromSeconds; alignUp(wanted) <= newest; wanted += options.everySeconds) {
    const origin = alignUp(wanted);
    if (origin === previous) continue;
    previous = origin;
    for (; (timestamps[row] ?? Number.POSITIVE_INFINITY) <= origin; row++) {
      forecaster.observe(timestamps[row] ?? Number.NaN, values[row] ?? Number.NaN, isCensored?.[row] === 1);
    }
    // Time has passed even where the row of the origin itself is missing.
    forecaster.observe(origin, Number.NaN);
    yield lineAt(forecaster, origin, options);
  }
}

/** Separates horizons that are multiples of the grid step from those that are not. */
export function splitHorizons(
  horizonsSeconds: readonly number[],
  gridSeconds: number,
): { readonly usable: number[]; readonly leftOut: number[] } {
  const usable = horizonsSeconds.filter((seconds) => seconds >= gridSeconds && seconds % gridSeconds === 0);
  return { usable, leftOut: horizonsSeconds.filter((seconds) => !usable.includes(seconds)) };
}

function lineAt(forecaster: Forecaster, origin: number, options: BacktestOptions): BacktestLine {
  const { gridSeconds } = forecaster;
  const { usable } = splitHorizons(options.horizonsSeconds, gridSeconds);
  const { quantiles } = options;
  const forecast = forecaster.forecast({
    horizonSteps: Math.max(1, ...usable.map((seconds) => seconds / gridSeconds)),
    quantiles,
  });
  if (forecast.status === 'learning') return { origin, forecasts: [], peaks: [] };
  const forecasts = usable.map((horizonSeconds) => {
    const index = horizonSeconds / gridSeconds - 1;
    return {
      horizonSeconds,
      median: forecast.median[index] ?? Number.NaN,
      quantiles: Object.fromEntries(
        Object.entries(forecast.quantiles).map(([level, path]) => [level, path[index] ?? Number.NaN]),
      ),
    };
  });
  const peaks = options.windowsSeconds.flatMap((windowSeconds) => {
    const peak = forecaster.peak({ windowSeconds, quantiles });
    return peak.status === 'ok' ? [{ windowSeconds, quantiles: peak.quantiles }] : [];
  });
  return { origin, forecasts, peaks };
}
