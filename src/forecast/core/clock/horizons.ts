/** Horizons that are asked for, in steps, rising from 1 on: the first `count` of `steps`. */
export interface Horizons {
  count: number;
  readonly steps: Int32Array;
}

/** Every step up to the farthest. */
export function everyStepTo(farthest: number): Horizons {
  if (every.steps.length < farthest)
    every = { count: 0, steps: Int32Array.from({ length: 2 * farthest }, (_, i) => i + 1) };
  every.count = farthest;
  return every;
}

let every: Horizons = { count: 0, steps: new Int32Array(0) };
