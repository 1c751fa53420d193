import { describe, expect, it } from 'vitest';
import { nextAttemptSeconds, phaseOf, quantised } from '../../../src/forecast/refresh-loop.ts';

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

describe('the phase of a loop', () => {
  const namespaces = Array.from({ length: 200 }, (_, n) => `prometheus team-${n}`);
  const queries = Array.from({ length: 200 }, (_, n) => `sum(rate(m{app="app-${n}"}[2m]))`);

  it('is the same in every replica, and a tenth of the interval or several', () => {
    expect(phaseOf('prometheus shop', 'sum(up)', 10)).toBe(9);
    expect(phaseOf('prometheus shop', 'sum(up)', 20)).toBe(18);
  });

  it('spreads namespaces evenly over the interval, and each of them over two moments, which many queries share', () => {
    const seen = Map.groupBy(
      namespaces.flatMap((group) => queries.map((query) => phaseOf(group, query, 10))),
      (phase) => phase,
    );
    expect([...seen.keys()].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const shares = [...seen.values()].map(({ length }) => length / 40_000);
    expect(Math.max(...shares)).toBeLessThan(0.15);
    for (const group of namespaces) {
      expect(new Set(queries.map((query) => phaseOf(group, query, 10))).size).toBe(2);
    }
  });

  it('shifts the moments that are asked for and the attempts alike, so that no value is older', () => {
    for (let phaseSeconds = 0; phaseSeconds < 10; phaseSeconds++) {
      for (let now = 1_000; now < 1_030; now += 0.25) {
        const at = quantised(now, 10, phaseSeconds);
        expect((at - phaseSeconds) % 10).toBe(0);
        expect(now - at).toBeGreaterThanOrEqual(0.5);
        expect(now - at).toBeLessThan(10.5);
        expect(nextAttemptSeconds(now, { ...observed, phaseSeconds }, 0)).toBe(at + 11);
      }
    }
  });
});
