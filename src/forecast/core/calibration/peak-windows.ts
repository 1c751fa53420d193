import type { Arena } from '../memory/arena.ts';
import { PeakWindow } from './peak.ts';

/** All windows whose peaks a forecaster keeps and scores, shortest first. */
export interface PeakWindows {
  readonly windows: readonly PeakWindow[];
  /** The longest window, seconds; 0 where there is none. */
  readonly longestSeconds: number;
  /** How far ahead the combination is needed for the windows that are kept at a step; at least 1. */
  stepsNeeded(step: number): number;
  /** Steps of peaks that have come due, by the window with the fewest; Infinity where there is none. */
  maturedSteps(): number;
  /** Learns, in every window, from the forecasts whose time has passed; `largest` as in PeakWindow. */
  mature(nowSeconds: number, largest: (fromSeconds: number, toSeconds: number) => number): void;
  /** Keeps a forecast in every window that is kept at this step. `maximumOf` is the maximum of the path over some steps. */
  keep(step: number, originSeconds: number, newest: number, maximumOf: (steps: number) => number): void;
}

/** Creates windows of these lengths in seconds, which rise. */
export function createPeakWindows(
  windowsSeconds: readonly number[],
  gridSeconds: number,
  arena: Arena,
): PeakWindows {
  const windows = windowsSeconds.map((seconds) => new PeakWindow(seconds, gridSeconds, arena));
  return {
    windows,
    longestSeconds: windows.at(-1)?.windowSeconds ?? 0,
    stepsNeeded(step) {
      let needed = 1;
      for (const { strideSteps, steps } of windows)
        if (step % strideSteps === 0) needed = Math.max(needed, steps);
      return needed;
    },
    maturedSteps: () =>
      Math.min(...windows.map(({ residualCount, strideSteps }) => residualCount * strideSteps)),
    mature(nowSeconds, largest) {
      for (const window of windows) window.mature(nowSeconds, largest);
    },
    keep(step, originSeconds, newest, maximumOf) {
      for (const window of windows) {
        if (step % window.strideSteps === 0) window.keep(originSeconds, maximumOf(window.steps), newest);
      }
    },
  };
}
