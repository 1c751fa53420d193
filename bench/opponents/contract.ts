/** Lengths that an opponent may use, in grid steps, rounded where the grid does not divide the day. */
export interface Calendar {
  readonly stepSeconds: number;
  readonly daySteps: number;
  readonly weekSteps: number;
}

/** A model that learns value by value and is asked at every origin. */
export interface StreamingModel {
  /** Takes the next grid value; NaN = missing. */
  observe(value: number): void;
  /** Predicts the value `steps` (≥ 1) after the newest; NaN = it cannot. */
  at(steps: number): number;
}

/** A question to a slow opponent: the values before an origin, without gaps, and how far ahead to forecast. */
export interface WindowTask {
  /** Values of up to four weeks, oldest first, finite, ≥ 0. */
  readonly values: Float64Array;
  /** Unix seconds of the first value. */
  readonly firstSeconds: number;
  readonly horizonSteps: number;
}

export interface WindowAnswer {
  /** Forecast of `horizonSteps` values; undefined where the opponent has none (too little history, no model found). */
  readonly path: ArrayLike<number> | undefined;
  /** CPU time of fitting and forecasting. */
  readonly milliseconds: number;
}

/** Another way to forecast. To add one, write a file and add a line to the table. */
export type Opponent =
  | {
      readonly kind: 'streaming';
      readonly title: string;
      create(calendar: Calendar): StreamingModel;
    }
  | {
      /** It is fitted anew at every origin, so it is asked at a sample of them. */
      readonly kind: 'window';
      readonly title: string;
      /** Share of the sampled origins at which it is asked: less than 1 for the slowest. */
      readonly originShare: number;
      /** Why it cannot run on this machine; undefined if it can. */
      unavailable(): Promise<string | undefined>;
      /** One answer for each task, in order. */
      forecast(tasks: readonly WindowTask[], calendar: Calendar): Promise<readonly WindowAnswer[]>;
    };

export function calendarOf(stepSeconds: number): Calendar {
  return {
    stepSeconds,
    daySteps: Math.round(86_400 / stepSeconds),
    weekSteps: Math.round(604_800 / stepSeconds),
  };
}
