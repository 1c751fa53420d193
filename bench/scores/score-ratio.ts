/** Errors of two forecasts of the same values. */
export interface ErrorRatio {
  readonly count: number;
  /** Sum of absolute errors of our forecast ÷ that of the other. */
  readonly ratio: number;
}

/**
 * Scores two forecasts. Undefined where fewer than `fewest` origins have truth and both forecasts, or the other is never wrong.
 */
export function scoreRatio(
  truth: Float64Array,
  ours: Float64Array,
  theirs: Float64Array,
  fewest: number,
): ErrorRatio | undefined {
  let count = 0;
  let own = 0;
  let other = 0;
  for (let i = 0; i < truth.length; i++) {
    const value = truth[i]!;
    const ownError = Math.abs(value - ours[i]!);
    const otherError = Math.abs(value - theirs[i]!);
    if (Number.isNaN(ownError + otherError)) continue;
    count++;
    own += ownError;
    other += otherError;
  }
  return count >= fewest && other > 0 && own > 0 ? { count, ratio: own / other } : undefined;
}
