/** A space in which a regression is linear. */
export interface Space {
  readonly fromValue: (value: number) => number;
  /** The same of a square root, in which what is usual is kept. */
  readonly fromRoot: (root: number) => number;
  /** Demand; may be below 0 where the regression is. */
  readonly toValue: (inSpace: number) => number;
}

/** Where the noise of counts is alike at every level; the default. */
export const inSqrt: Space = {
  fromValue: Math.sqrt,
  fromRoot: (root) => root,
  toValue: (root) => (root > 0 ? root * root : 0),
};
/** Growth and seasons that multiply. */
export const inLog: Space = {
  fromValue: Math.log1p,
  fromRoot: (root) => Math.log1p(root * root),
  toValue: Math.expm1,
};
/** Gauges, and seasons that add. */
export const inLinear: Space = {
  fromValue: (value) => value,
  fromRoot: (root) => root * root,
  toValue: (value) => value,
};
