import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { peakWindowsFor, scoredHorizonsFor } from '../../../../../src/forecast/core/clock/scored-lengths.ts';

describe('scored horizons', () => {
  it('of a day of five-minute steps are 5 min to 24 h', () => {
    expect(scoredHorizonsFor(288, 288)).toEqual([1, 2, 3, 6, 12, 24, 48, 72, 144, 288]);
  });

  it('of a day of hours are whole steps, and the farthest horizon is always one of them', () => {
    expect(scoredHorizonsFor(24, 60)).toEqual([1, 2, 3, 6, 12, 24, 48, 60]);
  });

  it('rise and end at the farthest horizon', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 2000 }),
        fc.integer({ min: 48, max: 5000 }),
        (season, farthest) => {
          const steps = scoredHorizonsFor(season, farthest);
          expect(steps.at(-1)).toBe(farthest);
          expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
        },
      ),
    );
  });
});

describe('peak windows', () => {
  it('of minute rows in a day are 1 min to 2 h', () => {
    expect(peakWindowsFor(60, 1)).toEqual([60, 120, 180, 300, 600, 900, 1800, 3600, 7200]);
  });

  it('are whole rows, each once, where rows are coarser', () => {
    expect(peakWindowsFor(900, 1)).toEqual([900, 1800, 3600, 7200]);
  });

  it('shrink with a season that is shorter than a day', () => {
    expect(peakWindowsFor(1, 1 / 360)).toEqual([1, 2, 3, 5, 10, 20]);
  });
});
