/** The quantiles of a request that names none. */
export const defaultQuantiles: readonly number[] = [0.5, 0.9, 0.95, 0.99];

/** Throws a RangeError that names the first level which is no probability between 0 and 1. */
export function checkQuantiles(levels: readonly number[]): void {
  const unusable = levels.find((level) => !(level > 0 && level < 1));
  if (unusable !== undefined) throw new RangeError(`quantiles must be between 0 and 1, not ${unusable}`);
}
