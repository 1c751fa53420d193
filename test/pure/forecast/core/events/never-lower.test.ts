import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CalendarEvent } from '../../../../../src/forecast/core/contract.ts';
import { noisyWeek } from '../made-series.ts';
import { day, hour, learned, pathOf } from './day-events.ts';

const unseenEvent = fc.record({
  startSeconds: fc.integer({ min: 15 * day, max: 17 * day }),
  lengthSeconds: fc.integer({ min: hour, max: 3 * day }),
  rampSeconds: fc.integer({ min: 0, max: 6 * hour }),
  effect: fc.constantFrom(
    { type: 'learned' } as const,
    { type: 'learned', like: 'sunday' } as const,
    { type: 'learned', like: 'saturday' } as const,
    { type: 'given', ratio: 0.3, occurrences: 1 } as const,
  ),
});

describe('an event that was never seen before', () => {
  it('lowers no bound of a forecast and of a peak', () => {
    fc.assert(
      fc.property(
        unseenEvent,
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 1, max: 24 }),
        ({ startSeconds, lengthSeconds, ...rest }, seed, hours) => {
          const event: CalendarEvent = {
            startSeconds,
            endSeconds: startSeconds + lengthSeconds,
            kind: 'new',
            name: 'new',
            ...rest,
          };
          const days = Math.floor((startSeconds - rest.rampSeconds - hours * hour) / hour) / 24;
          const plain = learned(days, noisyWeek(seed));
          const known = learned(days, noisyWeek(seed), [event]);
          const plainPath = pathOf(plain, 60);
          expectNoneBelow(pathOf(known, 60).bound, plainPath.bound);
          for (const windowSeconds of [hour, 12 * hour, 40 * hour]) {
            const [plainPeak, knownPeak] = [plain.peak({ windowSeconds }), known.peak({ windowSeconds })];
            if (plainPeak.status !== 'ok' || knownPeak.status !== 'ok')
              throw new Error('has learned too little');
            expectNoneBelow(knownPeak.bounds, plainPeak.bounds);
          }
        },
      ),
      { numRuns: Number(process.env['FORESCALE_SCENARIOS'] ?? 30) },
    );
  });
});

function expectNoneBelow(bounds: readonly number[], least: readonly number[]): void {
  bounds.forEach((bound, i) => {
    expect(bound).toBeGreaterThanOrEqual((least[i] ?? Number.NaN) * (1 - 1e-9));
  });
}
