import { describe, expect, it } from 'vitest';
import { createPeakWindow } from '../../../src/forecast/core/peak.ts';
import { createSeeded } from './series.ts';

/** Lets `base(i)` forecast a window whose largest row is `truth(i)` while the newest row is `newest(i)`. */
function play(
  steps: number,
  given: { base: (i: number) => number; truth: (i: number) => number; newest: (i: number) => number },
) {
  const window = createPeakWindow(300, 300);
  const trusts: number[] = [];
  for (let i = 0; i < steps; i++) {
    window.mature(i * 300, () => given.truth(i - 1));
    window.keep(i * 300, given.base(i), given.newest(i));
    trusts.push(window.trust);
  }
  return trusts;
}

describe('trust in the bound of the peak', () => {
  it('stays while the bound serves better than the newest row alone', () => {
    const trusts = play(600, { base: (i) => 50 + (i % 10), truth: (i) => 50 + (i % 10), newest: () => 45 });
    expect(trusts.every((trust) => trust === 1)).toBe(true);
  });

  it('goes gradually when the bound is worse than the newest row, and comes back gradually', () => {
    const random = createSeeded(3);
    const erratic = (i: number) => (i < 400 ? 10_000 * random() : 55);
    const trusts = play(1600, { base: erratic, truth: (i) => 50 + (i % 3), newest: (i) => 50 + (i % 3) });
    const lowest = trusts.indexOf(0);
    expect(lowest).toBeGreaterThan(40);
    expect(
      trusts.slice(lowest - 11, lowest).every((trust, k, part) => k === 0 || trust < (part[k - 1] ?? 0)),
    ).toBe(true);
    const steps = trusts.map((trust, k) => Math.abs(trust - (trusts[k - 1] ?? 1)));
    expect(Math.max(...steps)).toBeCloseTo(1 / 12, 9);
  });

  it('is not judged on a handful of peaks', () => {
    const trusts = play(40, { base: () => 1e6, truth: () => 1, newest: () => 1 });
    expect(trusts.every((trust) => trust === 1)).toBe(true);
  });

  it('learns nothing from a window that cannot be told', () => {
    const window = createPeakWindow(300, 300);
    for (let i = 0; i < 200; i++) {
      window.mature(i * 300, () => Number.NaN);
      window.keep(i * 300, 10, 10);
    }
    expect(window.residualCount).toBe(0);
  });
});
