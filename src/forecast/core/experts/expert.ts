import type { Horizons } from '../clock/horizons.ts';
import type { Scratch } from '../memory/scratch.ts';
import type { SlotMeans } from '../memory/slot-means.ts';
import type { Stateful } from '../memory/state-copier.ts';
import type { ValueWindow } from '../memory/value-window.ts';
import type { SeasonPattern } from '../seasons/season-pattern.ts';
import type { Space } from './spaces.ts';

/** What an expert is made from. Steps are grid steps; values are in the engine's unit. */
export interface ExpertContext {
  /** Length of the short season (a day). */
  readonly shortSeasonSteps: number;
  /** Length of the long season (a week); 0 = there is none. */
  readonly longSeasonSteps: number;
  /** The farthest horizon that `predict` will be asked for. */
  readonly horizonSteps: number;
  /** Values this many steps old are settled: spikes in them have been cut. Coefficients are learned from settled values. */
  readonly settleSteps: number;
  /** The square roots of the values, newest last; missing values are imputed. */
  readonly sqrt: ValueWindow;
  /** The same values in another space. An expert asks for it once, before the first value. */
  window(space: Space): ValueWindow;
  /** What is usual at each moment of the day; learned from values that settled a few steps ago. */
  readonly usualDay: SlotMeans;
  /** What is usual at each moment of the week; learned from values that settled a few steps ago. */
  readonly usualWeek: SlotMeans;
  /** The sum of all seasons found, while one of them is neither day nor week; the level where no season is found. */
  readonly pattern: SeasonPattern;
  /** Working memory of one call. */
  readonly scratch: Scratch;
}

/** One way to predict. An expert is deterministic, its state is bounded, and it allocates nothing after it is made. */
export interface Expert extends Stateful {
  /**
   * Learns the value that has just been pushed onto the windows. `step` counts grid steps from the first. `isObserved` is
   * false where the value is imputed: it may serve as a feature, but nothing may be learned from it. `isSettledObserved`
   * says whether the value `settleSteps` before the newest was observed.
   */
  learn(step: number, isObserved: boolean, isSettledObserved: boolean): void;
  /**
   * Writes the prediction for each horizon h of `horizons` to `into[h − 1]`: finite and ≥ 0, or NaN where the expert has
   * none yet. Other elements up to the farthest horizon may be overwritten with anything. The prediction for h does not
   * depend on which other horizons are asked for. Returns false where the expert has no prediction at all.
   */
  predict(into: Float64Array, horizons: Horizons): boolean;
}

export type ExpertFactory = (context: ExpertContext) => Expert;
