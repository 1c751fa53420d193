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
  /** Forecasts are kept so seldom that they are in the far past, too; farther horizons are then, as well. */
  readonly isFar: boolean;
  /** No forecast is kept there for the time being. */
  readonly isResting: boolean;
  /** Demand may yet turn out to be an incident: it is no measure of forecasts. */
  readonly isUnproven: boolean;
  /** The weight of each expert in the combination at this horizon. */
  readonly weights: Pick<ExpertWeights, 'of'>;
  /** Learns from the forecast made `horizonSteps` ago: `truth` is the value of `step`, NaN = missing. */
  mature(step: number, truth: number): void;
  /** Forgets the forecasts that are kept and have not come due. */
  forgetPending(): void;
  /** Calculates the weights from the errors so far; `predictions` of the experts are NaN where one is not available. */
  weigh(step: number, predictions: Float64Array): void;
  /**
   * Keeps predictions, combination and newest value (NaN = missing) of `step` until the truth is known. Bounds begin at `held`, the
   * combination where no event holds it.
   */
  keep(step: number, predictions: Float64Array, combined: number, other: KeptBeside): void;
}
