import { pinballLoss } from '../scores/score-bounds.ts';

/** Measures of the M4 competition for one series (Makridakis, Spiliotis & Assimakopoulos 2020). */
export interface HourlyScore {
  /** Symmetric mean absolute percentage error: mean of 200 |y − f| ÷ (|y| + |f|), per cent. */
  readonly smape: number;
  /** Mean absolute scaled error: MAE ÷ mean absolute difference of past values a season apart. */
  readonly mase: number;
}

export function scoreHourly(
  past: ArrayLike<number>,
  truth: ArrayLike<number>,
  forecast: ArrayLike<number>,
  seasonSteps: number,
): HourlyScore {
  let relative = 0;
  let error = 0;
  let count = 0;
  for (let i = 0; i < truth.length; i++) {
    const [value, other] = [truth[i]!, forecast[i]!];
    if (Number.isNaN(value)) continue;
    const size = Math.abs(value) + Math.abs(other);
    relative += size === 0 ? 0 : (200 * Math.abs(value - other)) / size;
    error += Math.abs(value - other);
    count++;
  }
  return { smape: relative / count, mase: error / count / seasonalScale(past, seasonSteps) };
}

/** Mean pinball loss of some levels, doubled, ÷ mean size of the truth (Chronos, Ansari et al. 2024); NaN in the truth is left out. */
export function weightedQuantileLoss(
  truth: ArrayLike<number>,
  quantiles: Readonly<Record<string, ArrayLike<number>>>,
  levels: readonly number[],
): number {
  let loss = 0;
  let size = 0;
  for (let i = 0; i < truth.length; i++) {
    const value = truth[i]!;
    if (Number.isNaN(value)) continue;
    size += Math.abs(value);
    for (const level of levels) loss += 2 * pinballLoss(value, quantiles[String(level)]![i]!, level);
  }
  return loss / levels.length / size;
}

function seasonalScale(past: ArrayLike<number>, seasonSteps: number): number {
  let sum = 0;
  let count = 0;
  for (let i = seasonSteps; i < past.length; i++) {
    const difference = Math.abs(past[i]! - past[i - seasonSteps]!);
    if (Number.isNaN(difference)) continue;
    sum += difference;
    count++;
  }
  return sum / count;
}

/**
 * Naive2, the unit of OWA: the newest value, seasonally adjusted by classical multiplicative decomposition where the
 * autocorrelation at the season is significant (M4 evaluation code, `SeasonalityTest`). `past` has no gaps.
 */
export function naive2(past: Float64Array, seasonSteps: number, horizonSteps: number): Float64Array {
  const indices = isSeasonal(past, seasonSteps)
    ? seasonalIndices(past, seasonSteps)
    : new Float64Array(seasonSteps).fill(1);
  const last = past.length - 1;
  const newest = past[last]! / (indices[last % seasonSteps] || 1);
  return Float64Array.from(
    { length: horizonSteps },
    (_, h) => newest * indices[(last + 1 + h) % seasonSteps]!,
  );
}

/** Whether the autocorrelation at the season is significant: |r_m| above 1.645 √((1 + 2 Σ r_i²) ÷ n). */
function isSeasonal(past: Float64Array, seasonSteps: number): boolean {
  if (past.length < 3 * seasonSteps) return false;
  const correlations = Array.from({ length: seasonSteps }, (_, i) => autocorrelation(past, i + 1));
  const squares = correlations.slice(0, -1).reduce((sum, r) => sum + r * r, 0);
  return Math.abs(correlations.at(-1)!) > 1.645 * Math.sqrt((1 + 2 * squares) / past.length);
}

function autocorrelation(values: Float64Array, lag: number): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let product = 0;
  let square = 0;
  for (let i = 0; i < values.length; i++) {
    const deviation = values[i]! - mean;
    square += deviation * deviation;
    if (i >= lag) product += deviation * (values[i - lag]! - mean);
  }
  return product / square;
}

/** Seasonal index of each slot: mean ratio of its values to the centred moving average, scaled to a mean of 1. */
function seasonalIndices(past: Float64Array, seasonSteps: number): Float64Array {
  const sums = new Float64Array(seasonSteps);
  const counts = new Float64Array(seasonSteps);
  const half = seasonSteps / 2;
  for (let i = half; i + half < past.length; i++) {
    let around = 0.5 * (past[i - half]! + past[i + half]!);
    for (let k = i - half + 1; k < i + half; k++) around += past[k]!;
    const ratio = past[i]! / (around / seasonSteps);
    if (!Number.isFinite(ratio)) continue;
    const slot = i % seasonSteps;
    sums[slot] = sums[slot]! + ratio;
    counts[slot] = counts[slot]! + 1;
  }
  const means = sums.map((sum, slot) => sum / (counts[slot] || 1));
  const mean = means.reduce((total, value) => total + value, 0) / seasonSteps;
  return means.map((value) => (mean > 0 ? value / mean : 1));
}
