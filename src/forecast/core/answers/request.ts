import { checkQuantiles } from '../arithmetic/quantile-levels.ts';
import type { ForecastRequest, PeakRequest } from '../contract.ts';

/** Returns the request, or throws a RangeError that names the value which cannot be answered. */
export function checkRequest<T extends Partial<ForecastRequest & PeakRequest>>(request: T): T {
  const { horizonSteps = 1, windowSeconds = 1, leadSeconds = 0, quantiles = [] } = request;
  if (!(Number.isInteger(horizonSteps) && horizonSteps >= 1)) {
    throw new RangeError(`horizonSteps must be a whole number of at least 1, not ${horizonSteps}`);
  }
  if (!(windowSeconds > 0 && windowSeconds < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`windowSeconds must be above 0, not ${windowSeconds}`);
  }
  if (!(leadSeconds >= 0 && leadSeconds < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`leadSeconds must be at least 0, not ${leadSeconds}`);
  }
  checkQuantiles(quantiles);
  return request;
}

/** The levels in rising order, in which each bound can be held above the one before. */
export function risingLevels(levels: readonly number[]): number[] {
  return [...levels].sort((a, b) => a - b);
}

/** The value that lies a residual above a prediction, whose square root is `root`; a residual is a difference of roots. */
export function boundAt(root: number, residual: number): number {
  return Math.max(0, root + residual) ** 2;
}
