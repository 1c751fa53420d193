import { setImmediate as nextTurn } from 'node:timers/promises';
import { createForecaster } from '../src/forecast/core/index.ts';
import { boundLevels, horizonsOn, levels, windowsOn } from './horizons.ts';
import { createRowFeeder } from './row-feeder.ts';
import type { Trace } from './trace.ts';

/** Everything that was forecast in one walk through a trace, each value known before what it forecasts. */
export interface Replay {
  /** Grid indices forecasts were made at, rising. */
  readonly origins: Int32Array;
  readonly horizonsSeconds: readonly number[];
  /** `paths[horizon][level]`, one value an origin, NaN while the model was learning. */
  readonly paths: readonly (readonly Float64Array[])[];
  readonly windowsSeconds: readonly number[];
  /** `peaks[window][bound level]`, likewise. */
  readonly peaks: readonly (readonly Float64Array[])[];
  /** Mean CPU time of a grid step, its rows observed, and of one forecast of the farthest horizon with all levels. */
  readonly observeMicroseconds: number;
  readonly forecastMicroseconds: number;
  readonly forecastSteps: number;
}

export interface ReplayOptions {
  /** Grid steps between origins. */
  readonly everySteps?: number;
  readonly signal?: AbortSignal | undefined;
  /** Told the share of the trace that is done, now and then. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** A turn of the event loop after so many origins, so that Ctrl-C is heard. */
const originsPerTurn = 500;

/** Walks through a trace row by row; from the middle of its time on the model is asked at every origin. */
export async function replayTrace(trace: Trace, options: ReplayOptions = {}): Promise<Replay> {
  const { everySteps = 1, signal, onProgress } = options;
  const { grid, history } = trace;
  const { stepSeconds } = history;
  const horizonsSeconds = horizonsOn(grid.stepSeconds);
  const windowsSeconds = windowsOn(stepSeconds);
  const origins = originsOf(trace, everySteps);
  const column = () => new Float64Array(origins.length).fill(Number.NaN);
  const paths = horizonsSeconds.map(() => levels.map(column));
  const peaks = windowsSeconds.map(() => boundLevels.map(column));
  const forecastSteps = Math.max(1, ...horizonsSeconds.map((seconds) => seconds / grid.stepSeconds));

  const forecaster = createForecaster({ stepSeconds });
  const feeder = createRowFeeder(history, forecaster);
  let observing = 0;
  let forecasting = 0;
  let forecasts = 0;
  let stepsObserved = 0;
  for (let i = 0; i < origins.length; i++) {
    const index = origins[i] ?? 0;
    const origin = grid.firstSeconds + index * grid.stepSeconds;
    const start = cpuMicroseconds();
    feeder.feedUntil(origin);
    const observed = cpuMicroseconds();
    const forecast = forecaster.forecast({ horizonSteps: forecastSteps, quantiles: levels });
    const answered = cpuMicroseconds();
    // Before the first origin half of the trace is learned at once.
    if (i > 0) {
      observing += observed - start;
      stepsObserved += index - (origins[i - 1] ?? 0);
    }
    if (forecast.status === 'ok') {
      if (i > 0) {
        forecasting += answered - observed;
        forecasts++;
      }
      for (let l = 0; l < levels.length; l++) {
        const path = forecast.quantiles[String(levels[l])];
        for (let h = 0; h < horizonsSeconds.length; h++) {
          put(paths[h]?.[l], i, path?.[(horizonsSeconds[h] ?? 0) / grid.stepSeconds - 1]);
        }
      }
    }
    for (let w = 0; w < windowsSeconds.length; w++) {
      const peak = forecaster.peak({ windowSeconds: windowsSeconds[w] ?? 0, quantiles: boundLevels });
      if (peak.status !== 'ok') continue;
      for (let l = 0; l < boundLevels.length; l++) {
        put(peaks[w]?.[l], i, peak.quantiles[String(boundLevels[l])]);
      }
    }
    if (i % originsPerTurn === 0) {
      onProgress?.(i / origins.length);
      await nextTurn();
      signal?.throwIfAborted();
    }
  }
  return {
    origins,
    horizonsSeconds,
    paths,
    windowsSeconds,
    peaks,
    observeMicroseconds: observing / Math.max(1, stepsObserved),
    forecastMicroseconds: forecasting / Math.max(1, forecasts),
    forecastSteps,
  };
}

/** Of this thread, so that whatever else runs on the machine is not counted. */
function cpuMicroseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** From the middle of the time from the first row to the last. */
export function originsOf({ grid, history }: Trace, everySteps: number): Int32Array {
  const { timestamps } = history;
  const middle = ((timestamps[0] ?? 0) + (timestamps.at(-1) ?? 0)) / 2;
  const from = Math.max(0, Math.ceil((middle - grid.firstSeconds) / grid.stepSeconds));
  const count = Math.max(0, Math.ceil((grid.values.length - from) / everySteps));
  return Int32Array.from({ length: count }, (_, i) => from + i * everySteps);
}

function put(column: Float64Array | undefined, index: number, value: number | undefined): void {
  if (column !== undefined && value !== undefined) column[index] = value;
}
