import { dayBlockInterval, type Interval } from './bootstrap.ts';

/** Forecasts for one horizon at aligned origins: entry i of every array is for the same value. NaN = there is none. */
export interface Column {
  readonly truth: Float64Array;
  readonly forecast: Float64Array;
  readonly persistence: Float64Array;
  readonly dailyNaive: Float64Array;
  readonly weeklyNaive: Float64Array;
  /** Number of the day of each origin. */
  readonly days: Int32Array;
}

export interface ErrorCell extends Interval {
  /** Number of origins that were scored. */
  readonly count: number;
  /** MAE of the forecast ÷ that of `best`. */
  readonly ratio: number;
  /** Mean absolute error and mean value over the same origins. */
  readonly error: number;
  readonly level: number;
  readonly best: 'persistence' | 'daily naive' | 'weekly naive';
}

/** A cell with fewer origins is left out. */
const fewestOrigins = 24;
/** The weekly naive takes part where it has values at this share, or more, of the origins of the daily one. */
const weeklyShare = 0.75;

/**
 * Error of the median relative to the best, in hindsight, of three naive forecasts. An origin counts where truth, forecast,
 * persistence and the daily naive have a value. Where the weekly naive has values at three quarters of these origins it takes
 * part, and only origins with its values count. Elsewhere (the history is too short) the cell is scored without it.
 */
export function scoreError(column: Column): ErrorCell | undefined {
  const { truth, forecast, persistence, dailyNaive, weeklyNaive, days } = column;
  const scored: number[] = [];
  let weekly = 0;
  for (let i = 0; i < truth.length; i++) {
    if (!isScorable(column, i)) continue;
    scored.push(i);
    if (!Number.isNaN(weeklyNaive[i]!)) weekly++;
  }
  const hasWeekly = weekly >= weeklyShare * scored.length;
  const counted = hasWeekly ? scored.filter((i) => !Number.isNaN(weeklyNaive[i]!)) : scored;
  if (counted.length < fewestOrigins) return undefined;

  const naives = [persistence, dailyNaive, ...(hasWeekly ? [weeklyNaive] : [])];
  const names = ['persistence', 'daily naive', 'weekly naive'] as const;
  const dayNumbers = [...new Set(counted.map((i) => days[i]!))];
  const position = new Map(dayNumbers.map((day, index) => [day, index]));
  const sumsByDay = (path: Float64Array) => {
    const sums = new Float64Array(dayNumbers.length);
    for (const i of counted) {
      const day = position.get(days[i]!)!;
      sums[day] = sums[day]! + Math.abs(truth[i]! - path[i]!);
    }
    return sums;
  };
  const ours = sumsByDay(forecast);
  const theirs = naives.map(sumsByDay);
  const totals = theirs.map(sum);
  const least = Math.min(...totals);
  // The ratio is undefined where a naive forecast is never wrong.
  if (!(least > 0)) return undefined;
  return {
    count: counted.length,
    ratio: sum(ours) / least,
    error: sum(ours) / counted.length,
    level: counted.reduce((total, i) => total + truth[i]!, 0) / counted.length,
    best: names[totals.indexOf(least)]!,
    ...dayBlockInterval(ours, theirs),
  };
}

function isScorable({ truth, forecast, persistence, dailyNaive }: Column, i: number): boolean {
  const total = truth[i]! + forecast[i]! + persistence[i]! + dailyNaive[i]!;
  return !Number.isNaN(total);
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
