import type { Calendar, StreamingModel } from '../../src/what-if/models/index.ts';

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
