import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/platform/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['90s', 90],
    ['2h', 7200],
    ['7d', 604_800],
    ['1h30m', 5400],
    ['1.5h', 5400],
    ['250ms', 0.25],
    ['1w', 604_800],
    ['0', 0],
    [' 5m ', 300],
  ])('reads %s as %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', '10', 'm', '-5m', '5 m', '1h-30m', 'five', '1e3s', 'NaN', '5mm', '..5s'])(
    'refuses %j',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  it('reads back what formatDuration writes, to the millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (ms) => {
        expect(parseDuration(formatDuration(ms / 1000))).toBeCloseTo(ms / 1000, 6);
      }),
    );
  });
});
