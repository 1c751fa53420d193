/** The horizons that a prediction is asked for, in steps ahead and rising: the first `count` of `steps`. */
export interface Horizons {
  count: number;
  /** The last of them, 0 where there is none. */
  farthest: number;
  readonly steps: Int32Array;
}

/** Every step from 1 to `farthest`. */
export function everyStepTo(farthest: number): Horizons {
  return { count: farthest, farthest, steps: Int32Array.from({ length: farthest }, (_, i) => i + 1) };
}
