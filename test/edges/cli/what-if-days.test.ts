import { describe, expect, it } from 'vitest';
import { daysOf, shownDays } from '../../../src/cli/what-if/report/days.ts';
import { demandOf } from '../../../src/what-if/index.ts';

/** Demand from `from` on, of which the second half is judged. */
function demandFrom(from: string, days: number) {
  const first = Date.parse(from) / 1000;
  const timestamps = Array.from({ length: days * 288 + 1 }, (_, i) => first + i * 300);
  return demandOf({ stepSeconds: 300, timestamps, values: timestamps.map(() => 1) });
}

describe('the days of a report', () => {
  it('follow the clocks of a zone, which are changed in spring', () => {
    const days = daysOf(demandFrom('2026-03-24T00:00Z', 8), 'Europe/Berlin');
    expect(days.map(({ name }) => name)).toEqual(['Sat 28 Mar', 'Sun 29 Mar', 'Mon 30 Mar', 'Tue 31 Mar']);
    const hours = days.map(({ fromTick, toTick }) => Math.round((toTick - fromTick) / 240));
    expect(hours).toEqual([23, 23, 24, 24]);
    const labels = days[1]?.hours.map(({ label }) => label);
    expect(labels).toEqual(['0:00', '6:00', '12:00', '18:00', '24:00']);
    // By the clock it is six after five hours.
    expect((days[1]?.hours[1]?.tick ?? 0) - (days[1]?.fromTick ?? 0)).toBe(5 * 240);
  });

  it('leave out what is less than half a day', () => {
    const days = daysOf(demandFrom('2026-01-05T20:00Z', 4), 'UTC');
    expect(days.map(({ name }) => name)).toEqual(['Thu 8 Jan', 'Fri 9 Jan']);
  });

  it('are at most four weeks, those with most short time, in their order', () => {
    const days = Array.from({ length: 40 }, (_, i) => ({ fromTick: i, shortSeconds: (i * 7) % 40 }));
    const shown = shownDays(days);
    expect(shown).toHaveLength(28);
    expect(Math.min(...shown.map(({ shortSeconds }) => shortSeconds))).toBe(12);
    expect(shown.map(({ fromTick }) => fromTick)).toEqual(
      shown.map(({ fromTick }) => fromTick).sort((a, b) => a - b),
    );
  });
});
