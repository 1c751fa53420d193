import { describe, expect, it } from 'vitest';
import { nextAttemptSeconds } from '../../../src/forecast/refresh-loop.ts';

/** Starts of attempts one after the other, each of which fails at once. */
function attempts(
  rhythm: { readonly intervalSeconds: number; readonly longestSeconds: number },
  count: number,
  retryAfterSeconds?: number,
): number[] {
  const starts = [1_001];
  while (starts.length < count) {
    const now = starts.at(-1) ?? 0;
    starts.push(nextAttemptSeconds(now, rhythm, starts.length, retryAfterSeconds));
  }
  return starts;
}

const waits = (starts: readonly number[]) =>
  starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
const observed = { intervalSeconds: 10, longestSeconds: 30 };
const history = { intervalSeconds: 60, longestSeconds: 300 };

describe('the next attempt', () => {
  it('is a second into the next interval after a success and after the first failure', () => {
    for (const failures of [0, 1]) {
      expect(nextAttemptSeconds(1_001, observed, failures)).toBe(1_011);
      expect(nextAttemptSeconds(1_009.9, observed, failures)).toBe(1_011);
      expect(nextAttemptSeconds(1_010.2, observed, failures)).toBe(1_011);
      expect(nextAttemptSeconds(1_010.6, observed, failures)).toBe(1_021);
    }
  });

  it('comes later with every further failure, up to three intervals for the observed value', () => {
    expect(waits(attempts(observed, 7))).toEqual([10, 20, 30, 30, 30, 30]);
  });

  it('and up to five minutes for the history, or an interval where that is longer', () => {
    const [, ...starts] = attempts(history, 8);
    expect(waits(starts)).toEqual([120, 240, 300, 300, 300, 300]);
    expect(nextAttemptSeconds(3_601, { intervalSeconds: 3600, longestSeconds: 300 }, 9)).toBe(7_201);
  });

  it('leaves a source alone as long as it asks for, then asks in the next interval', () => {
    expect(nextAttemptSeconds(1_001, observed, 1, 60)).toBe(1_061);
    expect(nextAttemptSeconds(1_004, observed, 1, 60)).toBe(1_071);
    expect(nextAttemptSeconds(1_001, observed, 5, 1)).toBe(1_031);
  });
});
