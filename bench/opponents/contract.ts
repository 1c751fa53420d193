/** Lengths an opponent may use, grid steps; a grid that does not divide the day rounds. */
export interface Calendar {
  readonly stepSeconds: number;
  readonly daySteps: number;
  readonly weekSteps: number;
}

/** Learns value by value and is asked at every origin. */
export interface StreamingModel {
  /** The next grid value, NaN = missing. */
  observe(value: number): void;
  /** What the value `steps` (≥ 1) after the newest will be; NaN = cannot say. */
  at(steps: number): number;
}

/** What is asked of a slow opponent: values before an origin, gaps filled, and how far to look. */
export interface WindowTask {
  /** Up to four weeks, oldest first, finite, ≥ 0. */
  readonly values: Float64Array;
  /** Unix seconds of the first value. */
  readonly firstSeconds: number;
  readonly horizonSteps: number;
}

export interface WindowAnswer {
  /** Length horizonSteps; undefined where the opponent could not (too little history, no model found). */
  readonly path: ArrayLike<number> | undefined;
  /** CPU time of fitting and forecasting. */
  readonly milliseconds: number;
}

/** One other way to forecast. Adding one is a file and a line of the table. */
export type Opponent =
  | {
      readonly kind: 'streaming';
      readonly title: string;
      create(calendar: Calendar): StreamingModel;
    }
  | {
      /** Fits a window anew for every origin, so it is asked at a sample of them. */
      readonly kind: 'window';
      readonly title: string;
      /** Of the origins sampled, the share it is asked at: less than 1 for the slowest. */
      readonly originShare: number;
      /** Why it cannot run on this machine, or undefined. */
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
