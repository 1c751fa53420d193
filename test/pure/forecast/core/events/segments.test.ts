import { describe, expect, it } from 'vitest';
import type { CalendarEvent } from '../../../../../src/forecast/core/contract.ts';
import { withoutHabits } from '../../../../../src/forecast/core/events/habits.ts';
import { segmentsOf, shareAt } from '../../../../../src/forecast/core/events/segments.ts';
import { day, dayEvent } from './day-events.ts';

const event = (startSeconds: number, endSeconds: number, rampSeconds = 0): CalendarEvent => ({
  startSeconds,
  endSeconds,
  rampSeconds,
  kind: 'sale',
  name: `${startSeconds}`,
  effect: { type: 'learned' },
});

describe('the segments of a calendar', () => {
  it('hold at each time the events that take place or fade, whatever the order they were given in', () => {
    const events = [event(50, 60), event(10, 40, 5), event(30, 35)];
    for (const given of [events, [...events].reverse()]) {
      const segments = segmentsOf(given);
      const namesAt = (t: number) => segments.at(t)?.events.map(({ name }) => name);
      expect([4, 5, 29, 30, 35, 44, 45, 49, 50, 60].map(namesAt)).toEqual([
        undefined,
        ['10'],
        ['10'],
        ['10', '30'],
        ['10'],
        ['10'],
        undefined,
        undefined,
        ['50'],
        undefined,
      ]);
    }
  });

  it('are found at times that go back as well', () => {
    const segments = segmentsOf(Array.from({ length: 100 }, (_, i) => event(20 * i, 20 * i + 10)));
    for (const t of [1995, 5, 1015, 1005, 1985, 0]) {
      expect(segments.at(t)?.fromSeconds).toBe(t % 20 < 10 ? t - (t % 20) : undefined);
    }
    expect([segments.touches(10, 20), segments.touches(10, 21), segments.touches(1991, 5000)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('have a share that rises before an event and falls after it', () => {
    const fading = event(100, 200, 50);
    expect([50, 75, 100, 150, 200, 225, 250].map((t) => shareAt(fading, t))).toEqual([
      0, 0.5, 1, 1, 1, 0.5, 0,
    ]);
  });

  it('leave out what comes for the fifth time within a week, and no given effect', () => {
    const daily = Array.from({ length: 30 }, (_, i) => dayEvent(i, { type: 'learned' }));
    expect(withoutHabits(daily)).toEqual(daily.slice(0, 4));
    const weekly = daily.map((each, i) => ({
      ...each,
      startSeconds: i * 7 * day,
      endSeconds: (i * 7 + 1) * day,
    }));
    expect(withoutHabits(weekly)).toEqual(weekly);
    const given = daily.map((each) => ({ ...each, effect: { type: 'given', ratio: 2 } as const }));
    expect(withoutHabits(given)).toEqual(given);
  });
});
