import type { ModelOptions } from './model-options.ts';

/** Options of a forecaster. It learns everything else. */
export interface ForecasterOptions extends ModelOptions {
  /** Distance of the rows that will be observed, seconds. */
  readonly stepSeconds: number;
}

/** Why there is no forecast yet, for people and for machines. */
export interface LearningReason {
  readonly code: 'insufficient-history' | 'no-recent-data';
  readonly message: string;
}

/** There is no answer yet, and why. */
export interface Learning {
  readonly status: 'learning';
  /** Unix seconds of the newest grid point or row; NaN or −Infinity before the first. */
  readonly origin: number;
  readonly reasons: readonly LearningReason[];
}

export interface ForecastRequest {
  /** How many grid steps ahead, 1 or more. */
  readonly horizonSteps: number;
  /** Probabilities in (0, 1), default 0.5, 0.9, 0.95, 0.99. */
  readonly quantiles?: readonly number[] | undefined;
}

export type ForecastResult =
  | {
      readonly status: 'ok';
      /** Unix seconds of the newest grid point used; the first value is for origin + stepSeconds. */
      readonly origin: number;
      /** Grid step, seconds. */
      readonly stepSeconds: number;
      /** Lengths of the seasons found in the history, seconds, shortest first; empty when there is none. */
      readonly seasonsSeconds: readonly number[];
      /** Length horizonSteps; equals `quantiles['0.5']` where asked for. Finite, ≥ 0. */
      readonly median: Float64Array;
      /** By `String(q)`, each of length horizonSteps, finite, ≥ 0, never falling with q. */
      readonly quantiles: Readonly<Record<string, Float64Array>>;
    }
  | Learning;

export interface PeakRequest {
  readonly windowSeconds: number;
  /** Probabilities in (0, 1), default 0.5, 0.9, 0.95, 0.99. */
  readonly quantiles?: readonly number[] | undefined;
}

export type PeakResult =
  /** Quantiles, by `String(q)`, of the largest row in (origin, origin + windowSeconds]. */
  | {
      readonly status: 'ok';
      readonly origin: number;
      readonly windowSeconds: number;
      readonly quantiles: Readonly<Record<string, number>>;
      /**
       * 1 = the bounds have lately served at least as well (pinball loss at 0.99 over matured maxima) as the newest
       * row alone would have; falls gradually to 0 while they have not, and rises again with hysteresis.
       */
      readonly trust: number;
      /** Highest grid value remembered that is no outlier: what the history makes credible. */
      readonly credibleMaximum: number;
    }
  | Learning;

/** How one horizon has done lately (exponentially forgotten); every value is of forecasts made before the fact. */
export interface HorizonAccuracy {
  readonly horizonSeconds: number;
  /** Matured forecasts counted. */
  readonly count: number;
  /** Sum of absolute errors of the median ÷ sum of values. */
  readonly wape: number;
  /** Mean signed error ÷ mean value; positive = forecasts too high. */
  readonly bias: number;
  /** MAE ÷ MAE of persistence (the newest value) on the same forecasts; below 1 is better than persistence. */
  readonly relativeToPersistence: number;
  /** The same beside the value a season (a day) before, over the forecasts it had a value for. */
  readonly relativeToSeasonalNaive: number;
  /** Share of values at or below each quantile, by `String(q)`. */
  readonly coverage: Readonly<Record<string, number>>;
  /** Mean pinball loss ÷ mean value, by `String(q)`. */
  readonly pinball: Readonly<Record<string, number>>;
  /** Weight of each expert in the combination, by name, summing to 1. */
  readonly weights: Readonly<Record<string, number>>;
  /** Why forecasts at this horizon should not be trusted at present; empty = nothing is known against them. */
  readonly distrust: readonly DistrustReason[];
}

/** What can be said against forecasts that have come due. */
export type DistrustReason =
  | 'worse-than-persistence'
  | 'worse-than-seasonal-naive'
  | 'bounds-exceeded-too-often';

/** What to explain: the forecast for one moment, or the bound of a peak, which is what decides. */
export type ExplainRequest = {
  /** Probability in (0, 1) of the value that is explained, default 0.99. */
  readonly quantile?: number | undefined;
} & ({ readonly horizonSteps: number } | { readonly windowSeconds: number });

/** One part of a served value, in the unit of demand. */
export interface ForecastComponent {
  /**
   * `level`: typical demand. `day`: what the moment of the short season adds to it. `week`: what the moment of the long
   * season adds beyond that. `deviation`: what the forecast adds to what is usual then. `event`: what a calendar adds.
   * `safetyMargin`: what the bound adds to the median.
   */
  readonly name: 'level' | 'day' | 'week' | 'deviation' | 'event' | 'safetyMargin';
  readonly value: number;
  /** In words, what it is, or why it is 0. */
  readonly meaning: string;
}

/** How much say an expert has, 0–1. */
export interface ExpertShare {
  readonly name: string;
  readonly weight: number;
}

export interface Explanation {
  readonly status: 'ok';
  /** Unix seconds of the newest row (of a moment: grid time) that it was made from. */
  readonly origin: number;
  /** Grid time that is explained, unix seconds; of a peak, where the forecast within the window is highest. */
  readonly atSeconds: number;
  /** Of a peak; undefined where a moment is explained. */
  readonly windowSeconds: number | undefined;
  readonly quantile: number;
  /** What `forecast` or `peak` serves for it. */
  readonly value: number;
  /** The combination of the experts at `atSeconds`. */
  readonly median: number;
  /** In the order of their names above; they add up to `value`, to rounding. */
  readonly components: readonly ForecastComponent[];
  /** The newest grid value (NaN = missing), and what is usual at its moment. */
  readonly newest: number;
  readonly usualOfNewest: number;
  /** Those with at least a hundredth of the say at that horizon, most first. */
  readonly experts: readonly ExpertShare[];
  readonly seasonsSeconds: readonly number[];
  /** At the nearest horizon that has been scored; undefined before any has. */
  readonly accuracy: HorizonAccuracy | undefined;
  /** As `peak` reports it; undefined where a moment is explained, which decides nothing. */
  readonly trust: number | undefined;
}

export type ExplainResult = Explanation | Learning;

/**
 * A demand model that learns row by row. Same rows, same answers, bit for bit: it knows no clock and no chance.
 *
 * Rows finer than the grid are averaged onto it (design.md "Grid"): with seasons of a day or more the grid is
 * five minutes, with shorter ones a 288th of the shortest, never finer than the rows. The value at grid time G is
 * the mean of the rows in (G − grid, G], missing when fewer than half of them exist.
 */
export interface Forecaster {
  readonly stepSeconds: number;
  readonly gridSeconds: number;
  /**
   * One row: what was known at `unixSeconds`. NaN is missing. Rows must come in order; one that is not newer than
   * the newest is ignored and `false` is returned. Time skipped is missing data. O(1) but for skipped grid steps.
   * `isCensored`: demand was cut off at capacity, so that the value is the least it can have been. It lowers nothing: it
   * counts where it is above what was expected, else what was expected is believed.
   */
  observe(unixSeconds: number, value: number, isCensored?: boolean): boolean;
  /** Newest row time observed, unix seconds; −Infinity before the first. */
  readonly newestSeconds: number;
  forecast(request: ForecastRequest): ForecastResult;
  /** Quantiles of the maximum of the rows within the window; calibrated on past maxima, not on single points. */
  peak(request: PeakRequest): PeakResult;
  accuracy(): readonly HorizonAccuracy[];
  /** Why a value is served: its parts, which add up to it, who made it and how far they can be trusted. Changes nothing. */
  explain(request: ExplainRequest): ExplainResult;
  /**
   * Observed grid values still remembered in [fromSeconds, toSeconds], oldest first, to 0.03 %; missing ones are left out.
   */
  history(
    fromSeconds: number,
    toSeconds: number,
  ): { readonly timestamps: Float64Array; readonly values: Float64Array };
}
