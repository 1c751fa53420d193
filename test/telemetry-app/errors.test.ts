import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/load/random.ts';
import { errorShare } from '../../src/telemetry-app/errors.ts';

describe('the share of errors', () => {
  it.each([0, 0.5, 12.5, 40, 50, 70, 99.9, 100])('of %d %% is met within four standard errors', (percent) => {
    const fails = errorShare(percent, createRandom(3));
    const draws = 100_000;
    const failed = Array.from({ length: draws }, fails).filter(Boolean).length;
    const share = percent / 100;
    const allowed = 4 * Math.sqrt(draws * share * (1 - share));
    expect(Math.abs(failed - draws * share)).toBeLessThanOrEqual(allowed);
  });
});
