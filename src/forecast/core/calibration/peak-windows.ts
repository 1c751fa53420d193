import type { Arena } from '../memory/arena.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import { PeakWindow } from './peak.ts';

/** All windows whose peaks a forecaster keeps and scores. */
export class PeakWindows {
  /** Shortest first. */
  readonly windows: readonly PeakWindow[];

  /** Creates windows of these lengths in seconds, which rise. */
  constructor(windowsSeconds: readonly number[], gridSeconds: number, arena: Arena) {
    this.windows = windowsSeconds.map((seconds) => new PeakWindow(seconds, gridSeconds, arena));
  }

  copyState(copier: StateCopier): void {
    for (const window of this.windows) window.copyState(copier);
  }

  /** How far ahead the combination is needed for the windows that are kept at a step; at least 1. */
  stepsNeeded(step: number): number {
    let needed = 1;
    for (const { strideSteps, steps } of this.windows)
      if (step % strideSteps === 0) needed = Math.max(needed, steps);
    return needed;
  }

  /** Steps of peaks that have come due, by the window with the fewest; Infinity where there is none. */
  maturedSteps(): number {
    let fewest = Number.POSITIVE_INFINITY;
    for (const { residualCount, strideSteps } of this.windows)
      fewest = Math.min(fewest, residualCount * strideSteps);
    return fewest;
  }

  /** Learns, in every window, from the forecasts whose time has passed; `largest` as in PeakWindow. */
  mature(nowSeconds: number, largest: (fromSeconds: number, toSeconds: number) => number): void {
    for (const window of this.windows) window.mature(nowSeconds, largest);
  }

  /** Keeps a forecast in every window that is kept at this step. `maximumOf` is the maximum of the path over some steps. */
  keep(step: number, originSeconds: number, maximumOf: (steps: number) => number): void {
    for (const window of this.windows) {
      if (step % window.strideSteps === 0) window.keep(originSeconds, maximumOf(window.steps));
    }
  }
}
