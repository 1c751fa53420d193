import type { Backtest } from '../backtest.ts';
import type { Prepared } from '../prepared.ts';

/** An error or change below this, in square roots of the mean value, is rounding. */
const leastUnit = 1e-4;

/** One series as the pooled model sees it: square roots, in which the combination is a mean and its errors are alike. */
export interface PooledSeries {
  readonly roots: Float64Array;
  readonly isObserved: Uint8Array;
  readonly day: number;
  readonly week: number;
  /** As in the backtest: the last origin is now. */
  readonly origins: readonly number[];
  /** What each expert predicted, by expert and origin, no roots. */
  readonly paths: Backtest['paths'];
  /** The roots of the combination, by origin. */
  readonly combined: readonly Float64Array[];
  /** Typical error of the combination, the unit of features and answers. */
  readonly unit: number;
  /** Typical difference of values a day apart. */
  readonly change: number;
  /** Step of the day at which the last two weeks were highest. */
  readonly peakSlot: number;
  /** Step of the week at which its two lowest days in a row begin: what a weekend is to it. */
  readonly quietSlot: number;
  /** Mean from a step up to another one; NaN before the beginning. */
  mean(from: number, to: number): number;
}

export function pooledSeries(
  { values, isObserved }: Prepared,
  { origins, lessons, paths }: Backtest,
  combinedValues: readonly Float64Array[],
  day: number,
): PooledSeries {
  const week = 7 * day;
  const roots = values.map(Math.sqrt);
  const combined = combinedValues.map((path) => path.map(Math.sqrt));
  const sums = new Float64Array(roots.length + 1);
  roots.forEach((root, step) => {
    sums[step + 1] = sums[step]! + root;
  });
  const known = (step: number) => (isObserved[step] === 1 ? roots[step]! : Number.NaN);
  const errors = combined
    .slice(lessons)
    .flatMap((path, o) => Array.from(path, (root, h) => Math.abs(known(origins[lessons + o]! + h) - root)));
  const changes = Array.from(roots, (_, step) => Math.abs(known(step) - known(step - day)));
  return {
    roots,
    isObserved,
    day,
    week,
    origins,
    paths,
    combined,
    unit: leastUnit + meanOf(errors),
    change: leastUnit + meanOf(changes),
    peakSlot: peakSlotOf(roots, day, week),
    quietSlot: quietSlotOf(roots, day, week),
    mean: (from, to) => (from < 0 ? Number.NaN : (sums[to]! - sums[from]!) / (to - from)),
  };
}

function peakSlotOf(roots: Float64Array, day: number, week: number): number {
  const totals = new Float64Array(day);
  for (let step = Math.max(0, roots.length - 2 * week); step < roots.length; step++)
    totals[step % day] = totals[step % day]! + roots[step]!;
  return totals.reduce((peak, total, slot) => (total > totals[peak]! ? slot : peak), 0);
}

/** Of up to four whole weeks; 0 where there is none. */
function quietSlotOf(roots: Float64Array, day: number, week: number): number {
  const weeks = Math.min(4, Math.floor(roots.length / week));
  const totals = new Float64Array(week);
  for (let step = roots.length - weeks * week; step < roots.length; step++)
    totals[step % week] = totals[step % week]! + roots[step]!;
  let sum = totals.slice(0, 2 * day).reduce((so, total) => so + total, 0);
  let lowest = { slot: 0, sum };
  for (let slot = 1; slot < week; slot++) {
    sum += totals[(slot + 2 * day - 1) % week]! - totals[slot - 1]!;
    if (sum < lowest.sum) lowest = { slot, sum };
  }
  return lowest.slot;
}

/** Mean of the numbers that are not NaN; 0 where there is none. */
function meanOf(numbers: readonly number[]): number {
  let sum = 0;
  let count = 0;
  for (const number of numbers) {
    if (Number.isNaN(number)) continue;
    sum += number;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
