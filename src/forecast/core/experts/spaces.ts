/** A space in which a regression is linear. Values are in the engine's unit. */
export interface Space {
  readonly fromValue: (value: number) => number;
  /** Maps the square root of a value, the form in which usual demand is kept. */
  readonly fromRoot: (root: number) => number;
  /** Maps back to a value, which is below 0 where the regression leaves the possible. */
  readonly toValue: (inSpace: number) => number;
}

/** The noise of counts has the same size at every level here: the default. */
export const inSqrt: Space = {
  fromValue: Math.sqrt,
  fromRoot: (root) => root,
  toValue: (root) => (root > 0 ? root * root : 0),
};
/** Growth and seasons that multiply add up here. */
export const inLog: Space = {
  fromValue: Math.log1p,
  fromRoot: (root) => Math.log1p(root * root),
  toValue: Math.expm1,
};
/** For gauges and for seasons that add. */
export const inLinear: Space = {
  fromValue: (value) => value,
  fromRoot: (root) => root * root,
  toValue: (value) => value,
};
