import { describe, expect, it } from 'vitest';
import { type CalendarDate, dateOf } from '../../../../src/forecast/archived/dates.ts';
import { createDaySums, createLocalDays, type LocalDays } from '../../../../src/forecast/archived/days.ts';
import { effectEvents } from '../../../../src/forecast/archived/effect-events.ts';
import { findEffects } from '../../../../src/forecast/archived/find-effects.ts';
import { unusualDays } from '../../../../src/forecast/archived/usual-day.ts';
import { seeded } from '../../history/archive/made-demand.ts';

const hour = 3_600;
/** 1 January 2024, a Monday. */
const firstDay = 19_723;
const dayOf = (text: string) => Date.parse(`${text}T00:00Z`) / 86_400_000;

function daysOf(
  demand: readonly { atSeconds: number; mean: number }[],
  lengthSeconds: number,
  days: LocalDays,
) {
  const sums = createDaySums(lengthSeconds, days);
  for (let from = 0; from < demand.length; from += 7) sums.add(demand.slice(from, from + 7));
  return sums.days();
}

/** Days with weeks, a trend that doubles demand in two years, and noise of 6 %; higher where `ratioOn` says. */
function madeDays(
  count: number,
  seed: number,
  ratioOn: (date: CalendarDate, day: number) => number = () => 1,
) {
  const chance = seeded(seed);
  return Array.from({ length: count }, (_, index) => {
    const day = firstDay + index;
    const date = dateOf(day);
    const week = [0.6, 1, 1.1, 1.1, 1, 0.9, 0.7][date.weekday] ?? 1;
    const noise = Math.exp(0.06 * (chance() + chance() + chance() + chance() - 2) * Math.sqrt(3));
    return { day, mean: 100 * week * 2 ** (index / 730) * noise * ratioOn(date, day) };
  });
}

describe('days of roll-ups', () => {
  it('are local, whole, and as long as the clocks make them', () => {
    const days = createLocalDays('Europe/Berlin');
    const startSeconds = Date.parse('2026-03-26T23:00Z') / 1000;
    const demand = Array.from({ length: 5 * 24 }, (_, index) => ({
      atSeconds: startSeconds + (index + 1) * hour,
      mean: 10,
    }));
    const found = daysOf(demand, hour, days);
    // The fifth day has an hour that is missing at its end: clocks went ahead, so that it began an hour earlier.
    expect(found.map(({ day }) => day - dayOf('2026-03-27'))).toEqual([0, 1, 2, 3, 4]);
    expect(days.startOf(dayOf('2026-03-29')) - startSeconds).toBe(48 * hour);
    expect(days.startOf(dayOf('2026-03-30')) - startSeconds).toBe(71 * hour);
    expect(days.dayOf(startSeconds + 71 * hour - 1)).toBe(dayOf('2026-03-29'));
    const autumn = Date.parse('2026-10-24T22:00Z') / 1000;
    expect(days.startOf(dayOf('2026-10-26')) - days.startOf(dayOf('2026-10-25'))).toBe(25 * hour);
    expect(days.startOf(dayOf('2026-10-25'))).toBe(autumn);
  });

  it('are left out where a tenth of them is not known', () => {
    const demand = Array.from({ length: 48 }, (_, index) => ({ atSeconds: (index + 1) * hour, mean: index }));
    const days = createLocalDays();
    expect(daysOf(demand, hour, days).map(({ day }) => day)).toEqual([0, 1]);
    expect(daysOf(demand.slice(2), hour, days).map(({ day }) => day)).toEqual([0, 1]);
    expect(daysOf(demand.slice(3), hour, days).map(({ day }) => day)).toEqual([1]);
  });
});

describe('effects of the calendar', () => {
  it('are found at the ends of months, whatever their weekday', () => {
    const days = madeDays(395, 3, ({ isLastOfMonth }) => (isLastOfMonth ? 1.3 : 1));
    const [effect, ...more] = findEffects(days);
    expect(more).toEqual([]);
    expect(effect).toMatchObject({ kind: 'month-end', name: 'end of the month' });
    expect(effect?.ratio).toBeGreaterThan(1.22);
    expect(effect?.ratio).toBeLessThan(1.38);
    expect(effect?.shownOn.every((day) => dateOf(day).isLastOfMonth)).toBe(true);
  });

  it('are found on the first of months from five of them on, and not from two', () => {
    const first = ({ dayOfMonth }: CalendarDate) => (dayOfMonth === 1 ? 1.5 : 1);
    expect(findEffects(madeDays(170, 5, first)).map(({ kind }) => kind)).toEqual(['first-of-month']);
    expect(findEffects(madeDays(75, 5, first))).toEqual([]);
  });

  it('are found on a day of the year that was high twice, by date or by weekday, and not on one that was once', () => {
    const christmas = ({ month, dayOfMonth }: CalendarDate) => (month === 12 && dayOfMonth === 20 ? 2.5 : 1);
    expect(findEffects(madeDays(760, 7, christmas)).map(({ name }) => name)).toEqual([
      'every year on 20 December',
    ]);
    expect(findEffects(madeDays(390, 7, christmas))).toEqual([]);
    const friday = ({ month, weekday, nthOfWeekday }: CalendarDate) =>
      month === 11 && weekday === 5 && nthOfWeekday === 4 ? 3 : 1;
    const [effect] = findEffects(madeDays(760, 9, friday));
    expect(effect?.name).toBe('every year on the fourth Friday of November');
    expect(effect?.ratio).toBeGreaterThan(2.5);
    expect(effect?.shownOn).toHaveLength(2);
  });

  it('are none where days are lower than usual', () => {
    const low = ({ isLastOfMonth, month, dayOfMonth }: CalendarDate) =>
      isLastOfMonth || (month === 12 && dayOfMonth === 25) ? 0.5 : 1;
    expect(findEffects(madeDays(760, 11, low))).toEqual([]);
  });

  it('are found in chance alone in at most two of a hundred workloads', () => {
    const found = Array.from(
      { length: 100 },
      (_, index) => findEffects(madeDays(760, 101 + 7 * index)).length,
    );
    expect(found.filter((count) => count > 0).length).toBeLessThanOrEqual(2);
  });

  it('are no longer found where a workload was twice as large from some day on', () => {
    const found = findEffects(madeDays(395, 13, (_, day) => (day >= firstDay + 200 ? 2 : 1)));
    expect(found).toEqual([]);
  });

  it('need days around them, and demand', () => {
    expect(unusualDays(madeDays(14, 3))).toEqual([]);
    expect(
      findEffects(Array.from({ length: 300 }, (_, index) => ({ day: firstDay + index, mean: 0 }))),
    ).toEqual([]);
    expect(findEffects([])).toEqual([]);
  });
});

describe('events of effects', () => {
  const days = createLocalDays('America/New_York');
  const demand = madeDays(760, 17, ({ isLastOfMonth, month }) =>
    isLastOfMonth ? (month === 12 ? 3 : 1.4) : 1,
  );
  const at = (text: string) => Date.parse(text) / 1000;

  it('are the days before and after the month, at the clocks of the place', () => {
    const events = effectEvents(demand, at('2025-11-15T12:00Z'), days);
    expect(events.map(({ startSeconds }) => new Date(1000 * startSeconds).toISOString())).toEqual([
      '2025-09-30T04:00:00.000Z',
      '2025-10-31T04:00:00.000Z',
      '2025-11-30T05:00:00.000Z',
      '2025-12-31T05:00:00.000Z',
    ]);
    expect(events.every(({ kind, ratio }) => kind === 'month-end' && ratio > 1.25 && ratio < 1.55)).toBe(
      true,
    );
    expect(events.every(({ startSeconds, endSeconds }) => endSeconds - startSeconds === 86_400)).toBe(true);
  });

  it('are the same all month, whatever came in it', () => {
    const early = effectEvents(
      demand.filter(({ day }) => day < dayOf('2025-11-01')),
      at('2025-11-01T12:00Z'),
      days,
    );
    expect(early.length).toBeGreaterThan(0);
    expect(effectEvents(demand, at('2025-11-29T12:00Z'), days)).toEqual(early);
  });

  it('are one a day, the highest', () => {
    const events = effectEvents(demand, at('2026-01-15T12:00Z'), days);
    const newYearsEve = events.filter(({ startSeconds }) => startSeconds === at('2025-12-31T05:00Z'));
    expect(newYearsEve).toHaveLength(1);
    expect(newYearsEve[0]).toMatchObject({ kind: 'yearly', occurrences: 2 });
  });
});
