import { describe, expect, it } from 'vitest';
import type { CalendarEvent } from '../../../../../src/forecast/core/contract.ts';
import { createPlaceClocks } from '../../../../../src/forecast/core/events/place-clock.ts';
import { createForecaster } from '../../../../../src/forecast/core/forecaster.ts';
import { noisyWeek, workingWeek } from '../made-series.ts';
import { day, dayEvent, hour, pathOf, ratiosOf, sum } from './day-events.ts';

const likeSunday = { type: 'learned', like: 'sunday' } as const;
const byUtc = (unixSeconds: number) => unixSeconds;
/** An event of no whole days, whose place is that of its kind. */
const moment = { ...dayEvent(100, likeSunday), endSeconds: 100 * day + hour };

/** A whole day that begins so many hours after midnight of UTC. */
const dayFrom = (hours: number) => shifted(dayEvent(32, likeSunday), hours * hour);

function shifted(event: CalendarEvent, seconds: number): CalendarEvent {
  return { ...event, startSeconds: event.startSeconds + seconds, endSeconds: event.endSeconds + seconds };
}

describe('clocks of the place of a calendar', () => {
  it.each([
    ['UTC', [0, 0], 0],
    ['New York, winter and summer', [5, 5, 4], -5],
    ['Honolulu', [10], -10],
    ['Berlin', [23, 22, 22], 2],
    ['Auckland, winter and summer', [12, 11, 11], 13],
    ['a place whose religious days begin in the evening', [22, 16, 22], 2],
  ])('are those by which its whole days begin at midnight: %s', (_place, hours, offset) => {
    const clock = createPlaceClocks(hours.map(dayFrom), byUtc);
    expect(clock.timeAt(100 * day, moment)).toBe(100 * day + offset * hour);
    expect(clock.midnightAt(moment) + offset * hour).toBe(0);
  });

  it('are those that the series follows where no event is whole days long', () => {
    const short = { ...dayEvent(32, likeSunday), startSeconds: 32 * day + 5 * hour };
    const long = shifted({ ...dayEvent(32, likeSunday), endSeconds: 33.3 * day }, 5 * hour);
    expect(createPlaceClocks([short, long], byUtc).timeAt(5, moment)).toBe(5);
    expect(createPlaceClocks([], (seconds) => seconds + hour).timeAt(5, moment)).toBe(5 + hour);
  });

  it('are those of their kind alone', () => {
    const months = [1, 2, 3].map((number) => dayEvent(number, likeSunday, 'month-end'));
    const clock = createPlaceClocks([...months, dayFrom(5)], byUtc);
    expect(clock.timeAt(5, months[0] ?? moment)).toBe(5);
    expect(clock.midnightAt(moment)).toBe(5 * hour);
  });

  it('begin a day where it begins while clocks are changed, but not where it begins in the evening', () => {
    const clock = createPlaceClocks([5, 5, 4, 23].map(dayFrom), byUtc);
    const beginningOf = (event: CalendarEvent) => clock.timeAt(event.startSeconds, event) % day;
    expect([5, 4, 23].map((hours) => beginningOf(dayFrom(hours)))).toEqual([0, 0, 18 * hour]);
  });
});

describe('a holiday of a place of other clocks than those of the series', () => {
  const mondays = [32, 39, 53].map((number) => dayEvent(number, likeSunday));

  /** Medians of the last of three holidays that are Sundays, in a series whose clocks are so much behind UTC. */
  function lastHoliday(behindSeconds: number) {
    const events = mondays.map((event) => shifted(event, behindSeconds));
    const noisy = noisyWeek(3, 0.5);
    const isHoliday = (t: number) => mondays.some((one) => t > one.startSeconds && t <= one.endSeconds);
    const forecaster = createForecaster({ stepSeconds: hour, events });
    for (let t = hour; t <= 53 * day; t += hour) {
      const value = isHoliday(t) ? noisy(t) * (workingWeek(t - day) / workingWeek(t)) : noisy(t);
      forecaster.observe(t + behindSeconds, value);
    }
    return pathOf(forecaster).median;
  }

  it.each([8, 5, -2, -13])('is forecast as well as by its own clocks: %i hours behind UTC', (hours) => {
    const own = lastHoliday(0);
    const other = lastHoliday(hours * hour);
    const differences = ratiosOf(other, own).map((ratio) => Math.abs(ratio - 1));
    expect(sum(differences) / differences.length).toBeLessThan(0.003);
  });
});
