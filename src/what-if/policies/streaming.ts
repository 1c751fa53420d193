import { meanOf, rowSeconds } from '../demand.ts';
import { calendarOf, createFftReplay, createHoltWinters, type StreamingModel } from '../models/index.ts';
import { forecastPolicy, type PeakForecast } from './forecast-policy.ts';

/** Step of the models, as of Forescale's own. */
const gridSeconds = 300;
const rowsPerStep = gridSeconds / rowSeconds;
const calendar = calendarOf(gridSeconds);

/** Crane's predictor over our decision window. */
export const fftReplay = forecastPolicy('FFT replay', (_scenario, windowSeconds) =>
  peakOf(createFftReplay(calendar), windowSeconds),
);

/** Crane's predictor as Crane uses it: the largest value of the next hour. */
export const fftReplayHour = forecastPolicy('FFT replay, an hour ahead', () =>
  peakOf(createFftReplay(calendar), 3600),
);

/** The method of the predictive-horizontal-pod-autoscaler over our decision window. */
export const holtWinters = forecastPolicy('Holt-Winters', (_scenario, windowSeconds) =>
  peakOf(createHoltWinters(calendar), windowSeconds),
);

/** The largest value that a model expects within a window, asked when a step of the grid is complete. */
function peakOf(model: StreamingModel, windowSeconds: number): PeakForecast {
  const horizon = Math.ceil(windowSeconds / gridSeconds);
  let steps = 0;
  let peak = Number.NaN;
  return {
    peak({ rows, rowCount }) {
      const complete = Math.floor(rowCount / rowsPerStep);
      if (complete === steps) return peak;
      for (; steps < complete; steps++)
        model.observe(meanOf(rows, steps * rowsPerStep, (steps + 1) * rowsPerStep));
      peak = Number.NaN;
      for (let ahead = 1; ahead <= horizon; ahead++) {
        const value = model.at(ahead);
        if (!(value <= peak) && !Number.isNaN(value)) peak = value;
      }
      return peak;
    },
  };
}
