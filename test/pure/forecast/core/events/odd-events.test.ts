import { describe, expect, it } from 'vitest';
import type { CalendarEvent, Forecaster } from '../../../../../src/forecast/core/contract.ts';
import { createForecaster } from '../../../../../src/forecast/core/forecaster.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';
import { restoreState, savedState } from '../../../../../src/forecast/core/memory/state-copier.ts';
import { noisyWeek, workingWeek } from '../made-series.ts';
import { day, dayEvent, hour } from './day-events.ts';

type Demand = (unixSeconds: number) => number;

const step = hour / 4;
const likeSunday = { type: 'learned', like: 'sunday' } as const;
/** A Monday, a Tuesday and a Thursday, and the Tuesday that is another one than they were. */
const taught = [32, 40, 49];
const odd = 61;
const holidays = [...taught, odd].map((number) => dayEvent(number, likeSunday));
const horizons = [step, hour / 2, hour, 3 * hour];
/** The hour of the event after which it has shown itself. */
const shownSeconds = hour;

const timesOfSunday = (t: number) => {
  const weekday = (Math.floor(t / day) + 4) % 7;
  return workingWeek(t - weekday * day) / workingWeek(t);
};
const contains = ({ startSeconds, endSeconds }: CalendarEvent, t: number) =>
  t > startSeconds && t <= endSeconds;

const muchWeaker: Demand = (t) => (isOddDay(t) ? 0.6 + 0.4 * timesOfSunday(t) : 1);
/** What the odd day's demand is, in times of that of an ordinary day; `t` is within the day or the one after it. */
const oddDays: Readonly<Record<string, Demand>> = {
  'much weaker': muchWeaker,
  'an ordinary day': () => 1,
  'of the opposite sign': (t) => (isOddDay(t) ? 1.4 : 1),
  'later by half a day': (t) => (t > odd * day + 12 * hour && t <= (odd + 1.5) * day ? timesOfSunday(t) : 1),
  longer: (t) => (t <= (odd + 1.5) * day ? timesOfSunday(t) : 1),
};
const isOddDay = (t: number) => contains(dayEvent(odd, likeSunday), t);

/** Demand of a working week whose holidays are Sundays but for the odd one. The numbers are drawn once, in order. */
function demandWith(oddTimes: Demand): Demand {
  const noisy = noisyWeek(31, 0.5);
  const values = Array.from({ length: ((odd + 2.5) * day) / step }, (_, i) => noisy((i + 1) * step));
  return (t) => {
    const value = values[t / step - 1] ?? Number.NaN;
    if (t > odd * day) return value * oddTimes(t);
    return holidays.some((event) => contains(event, t)) ? value * timesOfSunday(t) : value;
  };
}

/** What a forecaster has learned the day before the odd one. */
function learnedBefore(demand: Demand, events?: readonly CalendarEvent[]): Uint8Array {
  const forecaster = made(events);
  for (let t = step; t <= (odd - 1) * day; t += step) forecaster.observe(t, demand(t));
  return savedState(forecaster);
}

const made = (events?: readonly CalendarEvent[]): Forecaster =>
  createForecaster({ stepSeconds: step, events }, createScratch());

/** Sums of absolute errors of forecasts for the odd day, by horizon, after the event has shown itself. */
function errorsFrom(
  state: Uint8Array,
  events: readonly CalendarEvent[] | undefined,
  demand: Demand,
): number[] {
  const forecaster = made(events);
  restoreState(forecaster, state);
  const errors = new Array<number>(horizons.length).fill(0);
  for (let t = (odd - 1) * day + step; t < (odd + 1) * day; t += step) {
    forecaster.observe(t, demand(t));
    if (t < odd * day + shownSeconds) continue;
    const forecast = forecaster.forecast({ horizonSteps: (3 * hour) / step });
    if (forecast.status !== 'ok') throw new Error('has learned too little');
    for (const [i, seconds] of horizons.entries()) {
      const target = t + seconds;
      if (!isOddDay(target)) continue;
      const error = Math.abs((forecast.median[seconds / step - 1] ?? Number.NaN) - demand(target));
      errors[i] = (errors[i] ?? 0) + error;
    }
  }
  return errors;
}

/** Errors with a calendar ÷ without one, by horizon. */
function ratiosOn(oddTimes: Demand, plain: Uint8Array, known: Uint8Array): number[] {
  const demand = demandWith(oddTimes);
  const without = errorsFrom(plain, undefined, demand);
  return errorsFrom(known, holidays, demand).map((error, i) => error / (without[i] ?? Number.NaN));
}

describe('an event that is another one than those before it', () => {
  const before = demandWith(() => 1);
  const plain = learnedBefore(before);
  const known = learnedBefore(before, holidays);

  it.each(Object.entries(oddDays))('makes the next hour hardly worse than no calendar: %s', (_, oddTimes) => {
    const [next, halfHour, wholeHour] = ratiosOn(oddTimes, plain, known);
    expect(next).toBeLessThan(1.06);
    expect(halfHour).toBeLessThan(1.06);
    expect(wholeHour).toBeLessThan(1.15);
  });

  it('keeps what the calendar is worth where the event is as they were', () => {
    const [, , wholeHour, threeHours] = ratiosOn((t) => (isOddDay(t) ? timesOfSunday(t) : 1), plain, known);
    expect(wholeHour).toBeLessThan(0.7);
    expect(threeHours).toBeLessThan(0.35);
  });

  it('forecasts the same after its state was saved in the middle of it, and in the day after', () => {
    const demand = demandWith(() => 1);
    for (const until of [(odd + 0.5) * day, (odd + 1.25) * day]) {
      const forecaster = made(holidays);
      restoreState(forecaster, known);
      for (let t = (odd - 1) * day + step; t <= until; t += step) forecaster.observe(t, demand(t));
      const other = made(holidays);
      restoreState(other, savedState(forecaster));
      for (let t = until + step; t <= until + day; t += step) {
        forecaster.observe(t, demand(t));
        other.observe(t, demand(t));
      }
      expect(other.forecast({ horizonSteps: 200 })).toEqual(forecaster.forecast({ horizonSteps: 200 }));
    }
  });

  it('is explained by parts that still add up while it is believed in part', () => {
    const demand = demandWith(muchWeaker);
    const forecaster = made(holidays);
    restoreState(forecaster, known);
    for (let t = (odd - 1) * day + step; t <= (odd + 0.5) * day; t += step) forecaster.observe(t, demand(t));
    for (const horizonSteps of [1, 12, 90, 120]) {
      const explained = forecaster.explain({ horizonSteps, quantile: 0.95 });
      if (explained.status !== 'ok') throw new Error('has learned too little');
      const total = explained.components.reduce((sum, { value }) => sum + value, 0);
      expect(total).toBeCloseTo(explained.value, 6);
    }
  });
});
