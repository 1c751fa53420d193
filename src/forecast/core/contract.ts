import type { Stateful } from './memory/state-copier.ts';

/**
 * What a user can say about a model besides its rows. A trigger, the command line and the API hand it through unchanged, so
 * that an option is added here, where it is read from the user, and where the core uses it.
 */
export interface ModelOptions {
  /**
   * Season lengths in seconds, shortest first, at most two, each at least 20 rows (default: a day and a week).
   * A day compressed into minutes is `[240, 1680]`.
   */
  readonly seasonsSeconds?: readonly number[] | undefined;
  /** IANA name of the zone whose clocks days and weeks follow, summer time included (default: UTC). */
  readonly timeZone?: string | undefined;
  /** Farthest horizon that is scored and calibrated, seconds (default: the shortest season, at least 48 steps). */
  readonly maxHorizonSeconds?: number | undefined;
  /** Events of a calendar, past and future, in any order (default: none). */
  readonly events?: readonly CalendarEvent[] | undefined;
}

/** A window of time in which demand may differ from ordinary days. */
export interface CalendarEvent {
  /** First second of the event, unix seconds. */
  readonly startSeconds: number;
  /** First second after it. */
  readonly endSeconds: number;
  /** Events of one kind teach one another, such as `public-holiday`. */
  readonly kind: string;
  /** What people are shown. */
  readonly name: string;
  readonly effect: EventEffect;
  /** The effect fades in before the start and fades out after the end for this long, seconds (default: 0). */
  readonly rampSeconds?: number | undefined;
}

/**
 * What an event does to demand. `learned`: what earlier events of its kind did, as far as they agree; `like` names a day of the week
 * that it may be like, which is believed as far as they were. Of the first nothing is expected. `given`: demand is `ratio` times that of
 * an ordinary day; where `occurrences` says of how many past events that was measured, fewer than two lower no bound. `ignored`:
 * nothing is learned from the rows.
 */
export type EventEffect =
  | { readonly type: 'learned'; readonly like?: EventLikeness | undefined }
  | { readonly type: 'given'; readonly ratio: number; readonly occurrences?: number | undefined }
  | { readonly type: 'ignored' };

export type EventLikeness = 'saturday' | 'sunday';

/** An event of the calendar that is not over, and what it is expected to do. */
export interface ExpectedEvent {
  readonly event: CalendarEvent;
  /** Demand over that of an ordinary day, over all of the event; undefined where it is ignored. */
  readonly ratio: number | undefined;
  /** Earlier events that this was learned or measured from; undefined where somebody gave the ratio. */
  readonly occurrences: number | undefined;
}

/** Options of a forecaster. It learns everything else from the rows. */
export interface ForecasterOptions extends ModelOptions {
  /** Distance of the rows that will be observed, seconds, above 0. */
  readonly stepSeconds: number;
}

/** Why there is no answer yet: a code for machines, a message for people. */
export interface LearningReason {
  /** `history-not-read`: what there is was not learned yet, so that more may be known than what the answer goes by. */
  readonly code: 'insufficient-history' | 'no-recent-data' | 'history-not-read';
  readonly message: string;
}

/** There is no answer yet, and why. */
export interface Learning {
  readonly status: 'learning';
  /** Unix seconds of the newest grid time (of a peak: of the newest row); NaN or −Infinity before the first. */
  readonly origin: number;
  readonly reasons: readonly LearningReason[];
}

/** A request for the grid values after the origin. */
export interface ForecastRequest {
  /** Number of grid steps ahead, a whole number of at least 1. */
  readonly horizonSteps: number;
  /** Probabilities between 0 and 1, both excluded (default: 0.5, 0.9, 0.95, 0.99). */
  readonly quantiles?: readonly number[] | undefined;
}

/** The forecast of the grid values after the origin, or why there is none yet. Values are demand. */
export type ForecastResult =
  | {
      readonly status: 'ok';
      /** Unix seconds of the newest grid time that was used; the first value is for origin + stepSeconds. */
      readonly origin: number;
      /** Grid step, seconds. */
      readonly stepSeconds: number;
      /** Lengths of the seasons found in the history, seconds, shortest first; empty where there is none. */
      readonly seasonsSeconds: readonly number[];
      /** `horizonSteps` values, finite and ≥ 0. It equals `quantiles['0.5']` where that is asked for. */
      readonly median: Float64Array;
      /** Keys are `String(q)`; each has `horizonSteps` values, finite and ≥ 0, which never fall with q. */
      readonly quantiles: Readonly<Record<string, Float64Array>>;
    }
  | Learning;

/** A request for the largest row in a window that begins `leadSeconds` after the newest row. */
export interface PeakRequest {
  /**
   * Seconds from the newest row to the beginning of the window, at least 0 (default: 0). Where the question is about now, the
   * age of the newest row: what was to come before now is past, however old the rows are.
   */
  readonly leadSeconds?: number | undefined;
  /** Length of the window, seconds, above 0. */
  readonly windowSeconds: number;
  /** Probabilities between 0 and 1, both excluded (default: 0.5, 0.9, 0.95, 0.99). */
  readonly quantiles?: readonly number[] | undefined;
}

/** The bounds of the largest row in a window, or why there are none yet. Values are demand. */
export type PeakResult =
  | {
      readonly status: 'ok';
      /** Unix seconds of the newest row. */
      readonly origin: number;
      readonly windowSeconds: number;
      /** Quantiles of the largest row in (origin + lead, origin + lead + window], in the order of the levels that were asked for. */
      readonly bounds: readonly number[];
      /** The same by level: keys are `String(q)`; values never fall with q. Made when it is read. */
      readonly quantiles: Readonly<Record<string, number>>;
      /** The highest grid value of the last 28 days that is no outlier: what the history makes credible. */
      readonly credibleMaximum: number;
    }
  | Learning;

/**
 * How forecasts at one horizon have done lately, older ones exponentially forgotten. Every forecast that counts was made
 * before its value was known.
 */
export interface HorizonAccuracy {
  readonly horizonSeconds: number;
  /** Number of matured forecasts. */
  readonly count: number;
  /** Sum of absolute errors of the median ÷ sum of values. */
  readonly wape: number;
  /** Mean signed error ÷ mean value; positive = forecasts are too high. */
  readonly bias: number;
  /** MAE ÷ MAE of persistence (the newest value) over the same forecasts; below 1 is better than persistence. */
  readonly relativeToPersistence: number;
  /** MAE ÷ MAE of the seasonal naive (the value a day ago), over the forecasts for which there was such a value. */
  readonly relativeToSeasonalNaive: number;
  /** Share of values at or below each quantile; keys are `String(q)`. */
  readonly coverage: Readonly<Record<string, number>>;
  /** Mean pinball loss ÷ mean value; keys are `String(q)`. */
  readonly pinball: Readonly<Record<string, number>>;
  /** Weight of each expert in the combination, by name; the weights sum to 1. */
  readonly weights: Readonly<Record<string, number>>;
  /** Why forecasts at this horizon should not be trusted at present; empty where no reason is known. */
  readonly distrust: readonly DistrustReason[];
}

/** A reason not to trust forecasts, found in forecasts that have come due. */
export type DistrustReason =
  | 'worse-than-persistence'
  | 'worse-than-seasonal-naive'
  | 'bounds-exceeded-too-often';

/** What to explain: the forecast of one grid value (`horizonSteps`), or the bound of a peak (`windowSeconds`). */
export type ExplainRequest = {
  /** Probability, between 0 and 1, of the value that is explained (default: 0.99). */
  readonly quantile?: number | undefined;
} & ({ readonly horizonSteps: number } | Omit<PeakRequest, 'quantiles'>);

/** One part of a served value, in the unit of demand. */
export interface ForecastComponent {
  /**
   * `level`: typical demand. `day`: what the moment of the short season adds to it. `week`: what the moment of the long
   * season adds to that. `deviation`: what the forecast adds to what is usual then. `shared`: what boosted trees add far ahead. `event`: what an event of the calendar adds. `safetyMargin`: what the bound adds to the median.
   */
  readonly name: 'level' | 'day' | 'week' | 'deviation' | 'shared' | 'event' | 'safetyMargin';
  readonly value: number;
  /** What the part is, or why it is 0, in words. */
  readonly meaning: string;
}

/** The weight of an expert, 0–1. */
export interface ExpertShare {
  readonly name: string;
  readonly weight: number;
}

/** A served value taken apart. Values are demand. */
export interface Explanation {
  readonly status: 'ok';
  /** Unix seconds of the newest grid time (of a peak: of the newest row) that the value was made from. */
  readonly origin: number;
  /** Grid time that is explained, unix seconds; of a peak, the first at which the forecast within the window is highest. */
  readonly atSeconds: number;
  /** Length of the peak's window; undefined where one grid value is explained. */
  readonly windowSeconds: number | undefined;
  readonly quantile: number;
  /** What `forecast` or `peak` serves for the quantile. */
  readonly value: number;
  /** The combination of the experts at `atSeconds`. */
  readonly median: number;
  /** The parts in the order of their names in ForecastComponent; they add up to `value`, to rounding. */
  readonly components: readonly ForecastComponent[];
  /** The newest grid value, to 0.05 %, mostly to 10^-6; NaN where it is missing. */
  readonly newest: number;
  /** What is usual at the moment of the newest grid value. */
  readonly usualOfNewest: number;
  /** The experts with a weight of at least a hundredth at that horizon, highest weight first. */
  readonly experts: readonly ExpertShare[];
  /** Lengths of the seasons found in the history, seconds, shortest first. */
  readonly seasonsSeconds: readonly number[];
  /** Accuracy at the nearest horizon with matured forecasts; undefined before there is one. */
  readonly accuracy: HorizonAccuracy | undefined;
}

/** The explanation of a value, or why there is no value yet. */
export type ExplainResult = Explanation | Learning;

/**
 * A demand model that learns row by row. The same rows give the same answers bit for bit: it knows no clock and no chance.
 *
 * Rows finer than the grid are averaged onto it: with seasons of a day or more the grid is five minutes, with shorter ones a
 * 288th of the short season, never finer than the rows. The value at grid time G is the mean of the rows in (G − grid, G],
 * missing where fewer than half of them exist. docs/models.md says how the model works.
 */
export interface Forecaster extends Stateful {
  readonly stepSeconds: number;
  readonly gridSeconds: number;
  /**
   * Learns one row: the demand that was known at `unixSeconds`. A value that is NaN, negative or infinite is missing, and
   * so is time that is skipped. Rows must come in order: one that is not newer than the newest is ignored, and `false` is
   * returned. After a silence longer than the memory, learning begins anew. O(1), but for skipped grid steps.
   *
   * `isCensored`: demand was cut off at capacity, so that the value is the least it can have been. It is learned where it
   * is above what was expected; otherwise what was expected takes its place, so that it lowers nothing.
   */
  observe(unixSeconds: number, value: number, isCensored?: boolean): boolean;
  /** Unix seconds of the newest row; −Infinity before the first. */
  readonly newestSeconds: number;
  /**
   * Makes rows before this moment the far past: they teach what demand is like, but forecasts of the nearest hours and of peaks are made
   * and judged from then on only. What is known of them has forgotten after `judgedSeconds` what it was before.
   */
  judgeFrom(unixSeconds: number): void;
  readonly judgedSeconds: number;
  /** Length of the rows that the bounds of peaks within minutes are calibrated on. */
  readonly calibratedSeconds: number;
  /** Forecasts the grid values after the newest grid time. Throws a RangeError that names an impossible request. */
  forecast(request: ForecastRequest): ForecastResult;
  /**
   * Bounds the largest row within a window, calibrated on past maxima and not on single values. Throws a RangeError that
   * names an impossible request.
   */
  peak(request: PeakRequest): PeakResult;
  /** How forecasts have done at every scored horizon, nearest first. */
  accuracy(): readonly HorizonAccuracy[];
  /**
   * Takes a served value apart: its parts, which add up to it, the experts that made it and how far they can be trusted.
   * Changes nothing. Throws a RangeError that names an impossible request.
   */
  explain(request: ExplainRequest): ExplainResult;
  /** The events that are not over and begin before `untilSeconds`, in the order of their starts, and what they are expected to do. */
  eventsAhead(untilSeconds: number): readonly ExpectedEvent[];
  /**
   * The observed grid values in [fromSeconds, toSeconds] that are still remembered, oldest first, to 0.05 %, mostly to 10^-6, without missing
   * ones. Both arrays have the same length; timestamps are unix seconds.
   */
  history(
    fromSeconds: number,
    toSeconds: number,
  ): { readonly timestamps: Float64Array; readonly values: Float64Array };
}

/** Something that learns from the same rows as a forecaster, and from what the forecaster said before each of them. */
export interface RowFollower {
  /**
   * Called with each row before the forecaster learns it; a value that is no demand is missing. Unix seconds; demand is in the unit
   * of the query.
   */
  follow(atSeconds: number, value: number, forecaster: Pick<Forecaster, 'peak'>): void;
}
