export const hourSeconds = 3600;
/** Hours to forecast, as in M4 Hourly, whose series have up to 960 hours of history. */
export const horizonSteps = 48;
export const seasonSteps = 24;
/** Levels of the weighted quantile loss, and with the bounds of the central 95 % interval all that are asked for. */
export const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** What every series is asked for. */
export const forecastOptions = {
  stepSeconds: hourSeconds,
  horizonSteps,
  quantiles: [0.025, ...deciles, 0.975],
};
const longestPast = 960;
/**
 * The series of M4 have no gaps. Windows with at least this share of values are used; gaps are filled alike for every method.
 */
const presentShare = 0.95;

/** How a series of hours is cut into windows. */
export interface WindowCuts {
  /** Fewest hours of a window, the hours to forecast included. */
  readonly fewestPoints: number;
  /** Hours from the end of one window to the end of the next; coprime with day and week, so that all of their hours occur. */
  readonly distance: number;
  readonly atMost: number;
}

/** The windows that the benchmark scores. */
export const likeM4: WindowCuts = { fewestPoints: 700, distance: 331, atMost: 12 };

/** Windows of hourly means, newest first, each with the hours to forecast at its end; a trace whose nights are missing has none. */
export function cutWindows(
  values: Float64Array,
  { fewestPoints, distance, atMost }: WindowCuts,
): Float64Array[] {
  const windows: Float64Array[] = [];
  for (let end = values.length; windows.length < atMost; end -= distance) {
    const start = Math.max(0, end - longestPast - horizonSteps);
    if (end - start < fewestPoints) break;
    const window = values.slice(start, end);
    const present = window.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
    if (present >= presentShare * window.length) windows.push(window);
  }
  return windows;
}
