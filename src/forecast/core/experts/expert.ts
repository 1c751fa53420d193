import type { Horizons } from '../clock/horizons.ts';
import type { SlotMeans } from '../memory/slot-means.ts';
import type { SeriesWindow } from '../memory/value-window.ts';
import type { SeasonPattern } from '../seasons/season-pattern.ts';
import type { Space } from './spaces.ts';

/** What every expert is made of. Steps are grid steps; values are in the forecaster's scaled unit. */
export interface ExpertContext {
  /** Length of the short season (a day), and of the long one (a week); 0 = there is none. */
  readonly shortSeasonSteps: number;
  readonly longSeasonSteps: number;
  /** The most steps that will ever be asked of `predict`. */
  readonly horizonSteps: number;
  /** Values so many steps old are settled: what was a spike has been cut. Coefficients are learned from them. */
  readonly settleSteps: number;
  /** The square roots of the values, newest last; what was missing is imputed. */
  readonly sqrt: SeriesWindow;
  /** The same values in another space. To be asked for once, before the first value. */
  window(space: Space): SeriesWindow;
  /** What is usual at each moment of the day and the week, of what was settled a little earlier. */
  readonly usualDay: SlotMeans;
  readonly usualWeek: SlotMeans;
  /** The seasons that were found together while one of them is of no day or week; the level where there is none. */
  readonly pattern: SeasonPattern;
}

/** One way to predict. Deterministic, bounded state, no allocation after it is made. */
export interface Expert {
  /**
   * The newest value has been pushed onto the windows. `step` counts grid steps from the first; `isObserved` is false
   * where the value is imputed: it may serve as a feature, but nothing may be learned from it. `isSettledObserved` is the
   * same of the value `settleSteps` before.
   */
  learn(step: number, isObserved: boolean, isSettledObserved: boolean): void;
  /**
   * Fills `into[h − 1]` for h = 1 … steps with the prediction h steps ahead, finite and ≥ 0, or NaN for those it cannot
   * tell yet. What it says for h does not depend on how many steps are asked for. False: it can tell none. Where `wanted` is
   * given, the last of which is `steps`, those between them may be left as they are.
   */
  predict(into: Float64Array, steps: number, wanted?: Horizons): boolean;
}

export type ExpertFactory = (context: ExpertContext) => Expert;
