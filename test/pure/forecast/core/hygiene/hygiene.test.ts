import { beforeAll, describe, expect, it } from 'vitest';
import { createForecaster, type Forecaster } from '../../../../../src/forecast/core/index.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';
import { noisyWeek, workingWeek } from '../made-series.ts';

const minute = 60;
const hour = 3600;
const day = 86_400;
const stepSeconds = 5 * minute;
/** A Saturday's midnight. */
const start = 19_000 * day;
/** Faults begin on a Monday at eleven, when the week has been seen twice. */
const faultAt = start + 16 * day + 11 * hour;
const aheadSteps = 6;
const seeds = [1, 2];

/** What the source gave in place of a row: another value, nothing (undefined), or the least it can have been. */
type Told = number | undefined | { readonly atLeast: number };
type Fault = (unixSeconds: number, value: number) => Told;
const none: Fault = (_t, value) => value;
const within = (t: number, seconds: number) => t > faultAt && t <= faultAt + seconds;

function tell(forecaster: Forecaster, t: number, told: Told): void {
  if (typeof told === 'object') forecaster.observe(t, told.atLeast, true);
  else if (told !== undefined) forecaster.observe(t, told);
}

/** Half an hour ahead, by origin: medians and 0.95 bounds, and the truth without the fault. */
interface Answers {
  readonly medians: readonly number[];
  readonly bounds: readonly number[];
  readonly truths: readonly number[];
}

/** The answers on the way, and the forecaster and the demand at its end, from where a test may go on. */
interface Walk extends Answers {
  readonly forecaster: Forecaster;
  readonly noisy: (unixSeconds: number) => number;
}

/** Walks through a noisy week with a fault in it, and forecasts from `fromSeconds` on for `seconds`. */
function walk(
  seed: number,
  fault: Fault,
  span: { readonly fromSeconds: number; readonly seconds: number },
  rowSeconds = stepSeconds,
): Walk {
  const forecaster = createForecaster({ stepSeconds: rowSeconds });
  const noisy = noisyWeek(seed);
  const result = { medians: [] as number[], bounds: [] as number[], truths: [] as number[] };
  for (let t = start + rowSeconds; t <= span.fromSeconds + span.seconds; t += rowSeconds) {
    tell(forecaster, t, fault(t, noisy(t)));
    if (t <= span.fromSeconds || t % stepSeconds !== 0) continue;
    const forecast = forecaster.forecast({ horizonSteps: aheadSteps, quantiles: [0.95] });
    if (forecast.status !== 'ok') throw new Error(forecast.reasons[0]?.message);
    result.medians.push(forecast.median.at(-1) ?? Number.NaN);
    result.bounds.push(forecast.quantiles['0.95']?.at(-1) ?? Number.NaN);
    // The mean of the noise is zero, so that the clean week is what a forecast is to hit.
    result.truths.push(workingWeek(t + aheadSteps * stepSeconds));
  }
  return { ...result, forecaster, noisy };
}

function wape({ medians, truths }: Answers): number {
  const error = medians.reduce((sum, value, i) => sum + Math.abs(value - (truths[i] ?? Number.NaN)), 0);
  return error / sumOf(truths);
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const meanOf = (values: readonly number[]) => sumOf(values) / values.length;

/** As little as a fault leaves of two days: from its beginning on. */
const twoDays = { fromSeconds: faultAt, seconds: 2 * day };
const cleanWalks = new Map<string, Walk>();

function cleanWalk(seed: number, rowSeconds: number): Walk {
  const key = `${seed}/${rowSeconds}`;
  const walked = cleanWalks.get(key) ?? walk(seed, none, twoDays, rowSeconds);
  cleanWalks.set(key, walked);
  return walked;
}

/** The part of a walk with origins from so many seconds after the fault's beginning on. */
function part({ medians, bounds, truths }: Answers, fromSeconds: number, seconds: number): Answers {
  const [from, to] = [fromSeconds / stepSeconds, (fromSeconds + seconds) / stepSeconds];
  return {
    medians: medians.slice(from, to),
    bounds: bounds.slice(from, to),
    truths: truths.slice(from, to),
  };
}

/** The day after a fault that lasts so many seconds, from the fault's end on. */
const dayAfter = (lastsSeconds: number) => ({ fromSeconds: faultAt + lastsSeconds, seconds: day });

/** What the fault adds to WAPE at 30 min in the day after it; 0.01 is a point. */
function harm(seed: number, fault: Fault, lastsSeconds: number, rowSeconds = stepSeconds): number {
  const faulty = walk(seed, fault, dayAfter(lastsSeconds), rowSeconds);
  return wape(faulty) - wape(part(cleanWalk(seed, rowSeconds), lastsSeconds, day));
}

describe('the day after', () => {
  const dice = createRandom(5);

  // The bar of the project is a point and a half. Measured: 0.6 and 1.1 points for the missing rows.
  it('a fifth of all rows missing costs less than a point and a half', () => {
    const missing: Fault = (_t, value) => (dice() < 0.2 ? undefined : value);
    expect(meanOf(seeds.map((seed) => harm(seed, missing, 0)))).toBeLessThan(0.015);
  });

  // One seed, which is the less favourable one. Measured: at most 0.2 points, a seventh of the bar.
  it.each<readonly [string, Fault, number]>([
    ['a hole of six hours', (t, value) => (within(t, 6 * hour) ? undefined : value), 6 * hour],
    ['a ×20 spike of half an hour', (t, value) => (within(t, hour / 2) ? 20 * value : value), hour / 2],
    ['an outage of three hours', (t, value) => (within(t, 3 * hour) ? 0 : value), 3 * hour],
    [
      'an hour of NaN, negative and infinite rows',
      (t, value) => (within(t, hour) ? nonsense(t) : value),
      hour,
    ],
    [
      'a counter reset (one row ×100)',
      (t, value) => (within(t, stepSeconds) ? 100 * value : value),
      stepSeconds,
    ],
  ])('%s costs less than a point and a half', (_title, fault, lastsSeconds) => {
    expect(harm(1, fault, lastsSeconds)).toBeLessThan(0.015);
  });

  it('a counter reset in one of the five rows of a step costs less than a point and a half', () => {
    const reset: Fault = (t, value) => (within(t, minute) ? 100 * value : value);
    // One seed: rows of a minute are five times as many.
    expect(harm(1, reset, stepSeconds, minute)).toBeLessThan(0.015);
  });

  // Measured: 0.968 of the rows of the second day are below the 0.95 bound.
  it('a step up by half is calibrated again', () => {
    const shifted = (t: number, value: number) => (t > faultAt ? 1.5 * value : value);
    const covered = seeds.flatMap((seed) => {
      const { bounds, truths } = part(walk(seed, shifted, twoDays), day, day);
      const noisy = noisyWeek(seed + 100);
      return bounds.map((bound, i) => {
        const t = faultAt + day + (i + 1 + aheadSteps) * stepSeconds;
        return noisy(t) * 1.5 <= bound && truths[i] !== undefined ? 1 : 0;
      });
    });
    expect(meanOf(covered)).toBeGreaterThan(0.93);
  });

  it('rows clipped at capacity and marked as such lower neither median nor bound by more than 2 %', () => {
    // About a fifth of Monday's rows is above it. Measured: −0.8 % and −1.2 %.
    const capacity = 85;
    const clipped: Fault = (t, value) => (within(t, day) && value > capacity ? { atLeast: capacity } : value);
    const unmarked: Fault = (t, value) => (within(t, day) ? Math.min(capacity, value) : value);
    const change = (fault: Fault) => {
      const walks = seeds.map((seed) => [walk(seed, fault, twoDays), cleanWalk(seed, stepSeconds)] as const);
      const of = (what: 'medians' | 'bounds') =>
        meanOf(walks.map(([faulty, clean]) => sumOf(faulty[what]) / sumOf(clean[what]) - 1));
      return { median: of('medians'), bound: of('bounds') };
    };
    const { median, bound } = change(clipped);
    expect(median).toBeGreaterThan(-0.02);
    expect(bound).toBeGreaterThan(-0.02);
    // That the clip bites: without the mark it lowers both by more (−2.1 % and −2.5 %).
    expect(change(unmarked).median).toBeLessThan(-0.02);
  });
});

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

describe('a row', () => {
  const value = noisyWeek(7);
  const times = Array.from({ length: 4 * 288 }, (_, i) => start + (i + 1) * stepSeconds);
  const rows = times.map((t) => [t, value(t)] as const);
  const answers = (forecaster: Forecaster) => [
    forecaster.forecast({ horizonSteps: 48 }),
    forecaster.peak({ windowSeconds: 600 }),
  ];

  it('that comes twice, late or from a clock set back changes nothing', () => {
    const [once, often] = [createForecaster({ stepSeconds }), createForecaster({ stepSeconds })];
    for (const [t, one] of rows) {
      once.observe(t, one);
      often.observe(t, one);
      expect(often.observe(t, 9 * one)).toBe(false);
      expect(often.observe(t - 7 * minute, 9 * one)).toBe(false);
      expect(often.observe(t - 400 * day, Number.NaN)).toBe(false);
    }
    expect(answers(often)).toEqual(answers(once));
  });

  it('that is NaN, negative or infinite is as good as none', () => {
    const [without, withThem] = [createForecaster({ stepSeconds }), createForecaster({ stepSeconds })];
    for (const [t, one] of rows) {
      const isBad = t % hour === 0;
      without.observe(t, isBad ? Number.NaN : one);
      withThem.observe(t, isBad ? nonsense(t / 12) : one);
    }
    expect(answers(withThem)).toEqual(answers(without));
  });

  it('at ×100, as a counter reset makes it, does not ask for a hundred times the replicas a step later', () => {
    const told = (isReset: boolean) => {
      const forecaster = createForecaster({ stepSeconds: minute });
      const noisy = noisyWeek(8);
      // Nine and a half days hold more than a week, and only one answer is compared.
      for (let t = start + 7 * day + minute; t <= faultAt + 10 * minute; t += minute) {
        forecaster.observe(t, noisy(t) * (isReset && within(t, minute) ? 100 : 1));
      }
      const peak = forecaster.peak({ windowSeconds: 5 * minute, quantiles: [0.99] });
      return peak.status === 'ok' ? (peak.quantiles['0.99'] ?? Number.NaN) : Number.NaN;
    };
    expect(told(true) / told(false)).toBeLessThan(1.5);
  });
});

describe('demand that', () => {
  const fed = (days: number, value: (t: number, i: number) => number) => {
    const forecaster = createForecaster({ stepSeconds });
    for (let i = 1; i <= days * 288; i++)
      forecaster.observe(start + i * stepSeconds, value(start + i * stepSeconds, i));
    return forecaster;
  };
  const forecastOf = (forecaster: Forecaster, horizonSteps = 288) => {
    const result = forecaster.forecast({ horizonSteps, quantiles: [0.5, 0.95, 0.99] });
    if (result.status !== 'ok') throw new Error(result.reasons[0]?.message);
    return result;
  };
  const highest = (path: Float64Array | undefined) => Math.max(...(path ?? [Number.NaN]));
  const lowest = (path: Float64Array | undefined) => Math.min(...(path ?? [Number.NaN]));

  it('is none at all is forecast as none, with no bound above it', () => {
    const { median, quantiles } = forecastOf(fed(9, () => 0));
    expect(highest(median)).toBe(0);
    expect(highest(quantiles['0.99'])).toBe(0);
  });

  it('begins after a week of none is followed within the day', () => {
    const noon = 7 * 288 + 144;
    const forecaster = createForecaster({ stepSeconds });
    for (let i = 1; i <= noon + 288; i++) {
      const t = start + i * stepSeconds;
      forecaster.observe(t, i > 7 * 288 ? workingWeek(t) : 0);
    }
    const next = start + (noon + 289) * stepSeconds;
    expect(Math.abs((forecastOf(forecaster, 1).median[0] ?? 0) / workingWeek(next) - 1)).toBeLessThan(0.1);
  });

  it('never changes stays, at any scale, with bounds within a thousandth', () => {
    for (const level of [1e-9, 1, 1e12]) {
      const { median, quantiles } = forecastOf(fed(9, () => level));
      expect(lowest(median) / level).toBeCloseTo(1, 3);
      expect(highest(quantiles['0.99']) / level).toBeCloseTo(1, 3);
    }
  });

  it('is counted in 1e-9 or 1e12 is forecast alike', () => {
    const path = (scale: number) => {
      const noisy = noisyWeek(3);
      const { quantiles } = forecastOf(fed(9, (t) => scale * noisy(t)));
      return (quantiles['0.95'] ?? new Float64Array()).map((value) => value / scale);
    };
    const one = path(1);
    for (const scale of [1e-9, 1e12]) {
      const worst = Math.max(...path(scale).map((value, h) => Math.abs(value / (one[h] ?? 1) - 1)));
      expect(worst).toBeLessThan(1e-6);
    }
  });

  // Measured: 4.7 % of the steps are above.
  it('comes as single requests, one step in four, is above the 0.95 bound one step in twenty at most', () => {
    const random = createRandom(6);
    let above = 0;
    let count = 0;
    const forecaster = fed(9, () => (random() < 0.25 ? 1 : 0));
    for (let i = 9 * 288 + 1; i <= 12 * 288; i++) {
      const { median, quantiles } = forecastOf(forecaster, 6);
      expect(highest(median)).toBeLessThanOrEqual(1);
      const value = random() < 0.25 ? 1 : 0;
      if (value > (quantiles['0.95']?.[0] ?? 0)) above++;
      count++;
      forecaster.observe(start + i * stepSeconds, value);
    }
    // 864 steps: one standard deviation is 0.7 %.
    expect(above / count).toBeLessThan(0.064);
  });

  it('doubles every day for a week does not run away: a day ahead is at most three times the newest', () => {
    const { median, quantiles } = forecastOf(
      fed(9, (_t, i) => 2 ** (i / 288)),
      1000,
    );
    const newest = 2 ** 9;
    expect(highest(median) / newest).toBeLessThan(3);
    expect(highest(quantiles['0.99']) / newest).toBeLessThan(6);
  });

  it('falls day by day is never forecast below zero', () => {
    const { quantiles } = forecastOf(
      fed(9, (_t, i) => Math.max(0, 100 - i / 26)),
      1000,
    );
    expect(lowest(quantiles['0.5'])).toBeGreaterThanOrEqual(0);
  });
});

function nonsense(t: number): number {
  return [Number.NaN, -1, Number.POSITIVE_INFINITY][Math.abs(t / stepSeconds) % 3] ?? Number.NaN;
}
