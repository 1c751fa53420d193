import { describe, expect, it } from 'vitest';
import { completeRules } from '../../../src/controllers/behavior.ts';
import { createRateLimiter } from '../../../src/controllers/rate-limit.ts';
import { createSlidingExtreme } from '../../../src/controllers/sliding-extreme.ts';

const dayOfSyncs = Array.from({ length: 5760 }, (_, sync) => sync * 15);

describe('what a controller remembers', () => {
  it.each([
    { falls: 'falls', valueAt: (seconds: number) => -seconds },
    { falls: 'rises', valueAt: (seconds: number) => seconds },
  ])('is bounded by the window while the number of replicas $falls', ({ valueAt }) => {
    const highest = createSlidingExtreme('largest', { seconds: 300, edge: 'counts' });
    const sizes = dayOfSyncs.map((nowSeconds) => {
      highest.note(valueAt(nowSeconds), nowSeconds);
      return highest.size;
    });
    // 300 s hold 21 syncs, and up to 8 that are over wait to be cut off together.
    expect(Math.max(...sizes)).toBeLessThanOrEqual(21 + 8);
  });

  it('is bounded by the longest period of a policy', () => {
    const policies = [{ type: 'Pods', value: 4, periodSeconds: 120 }] as const;
    const limiter = createRateLimiter(completeRules({ scaleUp: { policies } }));
    const sizes = dayOfSyncs.map((nowSeconds) => {
      limiter.record(1, nowSeconds);
      return limiter.size;
    });
    expect(Math.max(...sizes)).toBe(8);
  });
});
