import type { Labels } from '../promql/matcher.ts';

/** Moments at equal distances, unix milliseconds. An instant is a grid of one. */
export interface Moments {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly count: number;
}

/** A series of an answer: a value for each moment, NaN where there is none; at least one is there. */
export interface Row {
  readonly labels: Labels;
  readonly values: Float64Array;
}
