import { beforeAll, describe, expect, it } from 'vitest';
import { workingWeek } from '../made-series.ts';
import {
  cleanWalk,
  day,
  dayAfter,
  type Fault,
  faultAt,
  hour,
  meanOf,
  part,
  seeds,
  stepSeconds,
  sumOf,
  type Walk,
  walk,
  wape,
  within,
} from './faulty-walk.ts';

describe('hours that come once', () => {
  interface Sums {
    readonly missed: number;
    readonly total: number;
  }

  /**
   * By hour after the fault's beginning: the sums of absolute errors of forecasts a day ahead and of demand, a week later.
   * The walk goes on until then, without a fault.
   */
  function missedAWeekLater({ forecaster, noisy }: Walk, hours: number): Sums[] {
    const from = faultAt + 6 * day;
    const sums = Array.from({ length: hours }, () => ({ missed: 0, total: 0 }));
    for (let t = forecaster.newestSeconds + stepSeconds; t <= from + hours * hour; t += stepSeconds) {
      forecaster.observe(t, noisy(t));
      const sum = sums[Math.ceil((t - from) / hour) - 1];
      if (sum === undefined) continue;
      const forecast = forecaster.forecast({ horizonSteps: 288 });
      const median = forecast.status === 'ok' ? (forecast.median.at(-1) ?? Number.NaN) : Number.NaN;
      sum.missed += Math.abs(median - workingWeek(t + day));
      sum.total += workingWeek(t + day);
    }
    return sums;
  }

  const cleanWeeks = new Map<number, Sums[]>();
  beforeAll(() => {
    for (const seed of seeds) cleanWeeks.set(seed, missedAWeekLater(cleanWalk(seed, stepSeconds), 4));
  });
  const weekWape = (sums: readonly Sums[] = []) =>
    sumOf(sums.map(({ missed }) => missed)) / sumOf(sums.map(({ total }) => total));

  it.each<readonly [string, number, number]>([
    ['a load test of three hours at ×5', 5, 3],
    ['four hours at a fifth of what is usual', 0.2, 4],
  ])('%s are not expected again', (_title, factor, lastsHours) => {
    const lastsSeconds = lastsHours * hour;
    const fault: Fault = (t, value) => (within(t, lastsSeconds) ? factor * value : value);
    /** What the fault adds to WAPE in the day after it, and a day ahead at its own hours a week later. */
    const harms = seeds.map((seed) => {
      const faulty = walk(seed, fault, dayAfter(lastsSeconds));
      const clean = part(cleanWalk(seed, stepSeconds), lastsSeconds, day);
      const cleanWeek = weekWape(cleanWeeks.get(seed)?.slice(0, lastsHours));
      return {
        dayAfter: wape(faulty) - wape(clean),
        weekLater: weekWape(missedAWeekLater(faulty, lastsHours)) - cleanWeek,
      };
    });
    expect(meanOf(harms.map((harm) => harm.dayAfter))).toBeLessThan(0.03);
    expect(meanOf(harms.map((harm) => harm.weekLater))).toBeLessThan(0.02);
  });
});
