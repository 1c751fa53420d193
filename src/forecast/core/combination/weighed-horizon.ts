import type { ExpertWeights } from './expert-weights.ts';

/** What is kept beside a combination. */
export interface KeptBeside {
  readonly newest: number;
  readonly held: number;
}

/** One horizon at which the experts are weighed; the calibration keeps and scores forecasts there. */
export interface WeighedHorizon {
  readonly horizonSteps: number;
  /** Forecasts are kept at steps that are whole multiples of this. */
  readonly strideSteps: number;
  /** The weight of each expert in the combination at this horizon. */
  readonly weights: Pick<ExpertWeights, 'of'>;
  /** Learns from the forecast made `horizonSteps` ago: `truth` is the value of `step`, NaN = missing. */
  mature(step: number, truth: number): void;
  /** Calculates the weights from the errors so far; `predictions` of the experts are NaN where one is not available. */
  weigh(step: number, predictions: Float64Array): void;
  /**
   * Keeps predictions, combination and newest value (NaN = missing) of `step` until the truth is known. Bounds begin at `held`, the
   * combination where no event holds it.
   */
  keep(step: number, predictions: Float64Array, combined: number, other: KeptBeside): void;
}
