import type { SeriesWindow } from '../series.ts';

/** What every expert is made of. Steps are grid steps; values are in the forecaster's scaled unit. */
export interface ExpertContext {
  /** Length of the short season (a day), and of the long one (a week); 0 = there is none. */
  readonly shortSeasonSteps: number;
  readonly longSeasonSteps: number;
  /** The most steps that will ever be asked of `predict`. */
  readonly horizonSteps: number;
  /** The same values under two transforms (log1p and square root); what was missing is imputed. */
  readonly log: SeriesWindow;
  readonly sqrt: SeriesWindow;
}

/** One way to predict. Deterministic, bounded state, no allocation after it is made. */
export interface Expert {
  /**
   * The newest value has been pushed onto the windows. `step` counts grid steps from the first; `isObserved` is false
   * where the value is imputed: it may serve as a feature, but nothing may be learned from it.
   */
  learn(step: number, isObserved: boolean): void;
  /** Fills `into[h − 1]` for h = 1 … steps with the prediction h steps ahead, finite and ≥ 0. False: it cannot say yet. */
  predict(into: Float64Array, steps: number): boolean;
}

export type ExpertFactory = (context: ExpertContext) => Expert;
