import {
  type CalendarEvent,
  createForecaster,
  type Forecaster,
  type ForecastResult,
} from '../../src/forecast/core/index.ts';
import { boundLevels, horizonsOn, levels, windowsOn } from '../horizons.ts';
import { createTurns } from '../turns.ts';
import { createRowFeeder } from './row-feeder.ts';
import type { Trace } from './trace.ts';

/** Everything that was forecast in one pass over a trace; a forecast uses only what was known at its origin. */
export interface Replay {
  /** Grid indices at which forecasts were made, rising. */
  readonly origins: Int32Array;
  readonly horizonsSeconds: readonly number[];
  /** `paths[horizon][level]` holds one value per origin, NaN while the model was learning. */
  readonly paths: readonly (readonly Float64Array[])[];
  readonly windowsSeconds: readonly number[];
  /** `peaks[window][bound level]` holds one value per origin, NaN while the model was learning. */
  readonly peaks: readonly (readonly Float64Array[])[];
  /** Mean CPU time of observing the rows of a grid step, and of one forecast up to the farthest horizon with all levels. */
  readonly observeMicroseconds: number;
  readonly forecastMicroseconds: number;
  readonly forecastSteps: number;
}

export interface ReplayOptions {
  /** Number of grid steps between two origins. */
  readonly everySteps?: number;
  /** Events of a calendar that the forecaster knows. */
  readonly events?: readonly CalendarEvent[] | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called now and then with the share of the trace that is done. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** Replays a trace row by row; from the middle of its time on the model forecasts at every origin. */
export async function replayTrace(trace: Trace, options: ReplayOptions = {}): Promise<Replay> {
  const { everySteps = 1, events, signal, onProgress } = options;
  const { grid, history } = trace;
  const { stepSeconds } = history;
  const forecaster = createForecaster({ stepSeconds, events });
  const feeder = createRowFeeder(history, forecaster);
  const columns = createColumns(trace, originsOf(trace, everySteps));
  const { origins, forecastSteps } = columns;
  const cost = { observing: 0, steps: 0, forecasting: 0, forecasts: 0 };
  const turn = createTurns(signal);
  onProgress?.(0);
  for (let i = 0; i < origins.length; i++) {
    const start = cpuMicroseconds();
    await feeder.feedInTurns(grid.firstSeconds + origins[i]! * grid.stepSeconds, turn);
    const observed = cpuMicroseconds();
    const forecast = forecaster.forecast({ horizonSteps: forecastSteps, quantiles: levels });
    const answered = cpuMicroseconds();
    // Half of the trace is learned before the first origin, so that one is not timed.
    if (i > 0) {
      cost.observing += observed - start;
      cost.steps += origins[i]! - origins[i - 1]!;
    }
    if (i > 0 && forecast.status === 'ok') {
      cost.forecasting += answered - observed;
      cost.forecasts++;
    }
    keepForecast(columns, i, forecast, grid.stepSeconds);
    keepPeaks(columns, i, forecaster);
    if (await turn()) onProgress?.(i / origins.length);
  }
  return {
    ...columns,
    observeMicroseconds: cost.observing / Math.max(1, cost.steps),
    forecastMicroseconds: cost.forecasting / Math.max(1, cost.forecasts),
  };
}

type Columns = Omit<Replay, 'observeMicroseconds' | 'forecastMicroseconds'>;

/** Room for everything that will be forecast at the origins. */
function createColumns({ grid, history }: Trace, origins: Int32Array): Columns {
  const horizonsSeconds = horizonsOn(grid.stepSeconds);
  const windowsSeconds = windowsOn(history.stepSeconds);
  const column = () => new Float64Array(origins.length).fill(Number.NaN);
  return {
    origins,
    horizonsSeconds,
    paths: horizonsSeconds.map(() => levels.map(column)),
    windowsSeconds,
    peaks: windowsSeconds.map(() => boundLevels.map(column)),
    forecastSteps: Math.max(1, ...horizonsSeconds.map((seconds) => seconds / grid.stepSeconds)),
  };
}

function keepForecast(
  { paths, horizonsSeconds }: Columns,
  index: number,
  forecast: ForecastResult,
  gridSeconds: number,
): void {
  if (forecast.status !== 'ok') return;
  for (const [l, level] of levels.entries()) {
    const path = forecast.quantiles[String(level)]!;
    for (const [h, seconds] of horizonsSeconds.entries())
      paths[h]![l]![index] = path[seconds / gridSeconds - 1]!;
  }
}

function keepPeaks({ peaks, windowsSeconds }: Columns, index: number, forecaster: Forecaster): void {
  for (const [w, windowSeconds] of windowsSeconds.entries()) {
    const peak = forecaster.peak({ windowSeconds, quantiles: boundLevels });
    if (peak.status !== 'ok') continue;
    for (const [l, level] of boundLevels.entries()) peaks[w]![l]![index] = peak.quantiles[String(level)]!;
  }
}

/** CPU time of this thread, so that other programs on the machine are not counted. */
function cpuMicroseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** Grid indices of the origins, from the middle of the time between the first row and the last. */
export function originsOf({ grid, history }: Trace, everySteps: number): Int32Array {
  const { timestamps } = history;
  const middle = ((timestamps[0] ?? 0) + (timestamps.at(-1) ?? 0)) / 2;
  const from = Math.max(0, Math.ceil((middle - grid.firstSeconds) / grid.stepSeconds));
  const count = Math.max(0, Math.ceil((grid.values.length - from) / everySteps));
  return Int32Array.from({ length: count }, (_, i) => from + i * everySteps);
}
