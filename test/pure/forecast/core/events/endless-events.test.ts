import { describe, expect, it } from 'vitest';
import type { CalendarEvent, EventEffect } from '../../../../../src/forecast/core/contract.ts';
import { noisyWeek } from '../made-series.ts';
import { day, hour, learned, pathOf, ratiosOf } from './day-events.ts';

const begun = 30;

function given(ratio: number, endSeconds: number, seconds = 0): CalendarEvent {
  const effect: EventEffect = { type: 'given', ratio };
  return { startSeconds: begun * day + seconds, endSeconds, kind: 'sale', name: `sale ${seconds}`, effect };
}

/** Bounds of the next two days and of the highest in twelve hours, so many days into a series, over those without a calendar. */
function boundsAt(days: number, events: readonly CalendarEvent[], times = 1): number[] {
  const noisy = noisyWeek(11, 0.5);
  const plain = learned(days, noisyWeek(11, 0.5));
  const known = learned(days, (t) => (t > begun * day ? times : 1) * noisy(t), events);
  const [peak, plainPeak] = [known, plain].map((one) =>
    one.peak({ windowSeconds: 12 * hour, quantiles: [0.99] }),
  );
  if (peak?.status !== 'ok' || plainPeak?.status !== 'ok') throw new Error('has learned too little');
  const bounds = ratiosOf(pathOf(known, 48).bound, pathOf(plain, 48).bound);
  return [...bounds, ...ratiosOf(peak.bounds, plainPeak.bounds)];
}

describe('an event without an end', () => {
  const endless = [given(3, 4000 * day)];

  it('raises bounds for a week though it does not show, then less and less, and not any more after two', () => {
    expect(Math.min(...boundsAt(begun + 6, endless))).toBeGreaterThan(2);
    const later = boundsAt(begun + 10, endless);
    expect(Math.min(...later)).toBeGreaterThan(1.5);
    expect(Math.max(...later)).toBeLessThan(2.6);
    for (const days of [15, 30]) {
      const bounds = boundsAt(begun + days, endless);
      expect(Math.max(...bounds)).toBeLessThan(1.2);
      // What was learned of bounds that were too high is forgotten within days.
      expect(Math.min(...bounds)).toBeGreaterThan(days < 20 ? 0.8 : 0.9);
    }
  });

  it('raises bounds for as long as it shows', () => {
    for (const days of [6, 10, 15, 30])
      expect(Math.min(...boundsAt(begun + days, endless, 3))).toBeGreaterThan(2.4);
  });

  it('lowers them no more where it was to lower demand and does not show', () => {
    expect(Math.min(...boundsAt(begun + 15, [given(0.3, 4000 * day)]))).toBeGreaterThan(0.9);
  });
});

describe('events that take place together', () => {
  const many = (ratio: number) => Array.from({ length: 300 }, (_, i) => given(ratio, (begun + 2) * day, i));

  it('raise demand by at most a hundred times, and bounds are numbers', () => {
    const bounds = boundsAt(begun, many(10));
    expect(Math.max(...bounds)).toBeLessThan(150);
    expect(Math.min(...bounds.slice(1, 46))).toBeGreaterThan(30);
  });

  it('lower it to no less than one of them may', () => {
    expect(boundsAt(begun, many(0.1))).toEqual(boundsAt(begun, [given(0.1, (begun + 2) * day)]));
  });
});
