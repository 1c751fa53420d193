/** Scores of the quantiles of one horizon, or of the peak of one window. */
export interface BoundScore {
  readonly count: number;
  /** Share of values at or below the bound, by level. */
  readonly coverage: readonly number[];
  /** Sum of pinball losses, by level. */
  readonly losses: readonly number[];
  /** Sum of the values. */
  readonly total: number;
}

/**
 * Scores `bounds[level]` against `truth` where both have a value and `isCounted` (default: always) returns true.
 * `levels` are the probabilities of the bounds.
 */
export function scoreBounds(
  truth: Float64Array,
  bounds: readonly Float64Array[],
  levels: readonly number[],
  isCounted: (index: number) => boolean = () => true,
): BoundScore {
  const covered = levels.map(() => 0);
  const losses = levels.map(() => 0);
  let count = 0;
  let total = 0;
  for (let i = 0; i < truth.length; i++) {
    const value = truth[i]!;
    if (Number.isNaN(value) || Number.isNaN(bounds[0]![i]) || !isCounted(i)) continue;
    count++;
    total += value;
    for (let l = 0; l < levels.length; l++) {
      const bound = bounds[l]![i]!;
      if (value <= bound) covered[l] = covered[l]! + 1;
      losses[l] = losses[l]! + pinballLoss(value, bound, levels[l]!);
    }
  }
  return { count, coverage: covered.map((share) => share / count), losses, total };
}

/**
 * Share of values at or below the bounds of `wanted` levels, with zeros spread. Where more than a share τ of demand is 0 no bound of τ
 * can be right: it cannot be below 0, and every 0 is at it. A 0 then counts as τ ÷ the share of zeros that was expected, the mean of the
 * levels between which the bounds leave 0 (randomised PIT; Czado, Gneiting & Held 2009). `levels` rise.
 */
export function coverageOfSpreadZeros(
  truth: Float64Array,
  bounds: readonly Float64Array[],
  levels: readonly number[],
  wanted: readonly number[],
): number[] {
  const covered = wanted.map(() => 0);
  let count = 0;
  for (let i = 0; i < truth.length; i++) {
    const value = truth[i]!;
    if (Number.isNaN(value) || Number.isNaN(bounds[0]![i])) continue;
    count++;
    const aboveZero = bounds.findIndex((bound) => bound[i]! > 0);
    const expected =
      aboveZero < 0 ? 1 : aboveZero === 0 ? 0 : (levels[aboveZero - 1]! + levels[aboveZero]!) / 2;
    for (const [w, level] of wanted.entries()) {
      if (value === 0) covered[w]! += expected > level ? level / expected : 1;
      else if (value <= bounds[levels.indexOf(level)]![i]!) covered[w]! += 1;
    }
  }
  return covered.map((share) => share / count);
}

/** The loss of a quantile forecast: a value above the bound has the weight τ, one below 1 − τ. */
export function pinballLoss(value: number, bound: number, level: number): number {
  return value >= bound ? level * (value - bound) : (1 - level) * (bound - value);
}
