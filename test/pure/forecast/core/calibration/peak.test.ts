import { describe, expect, it } from 'vitest';
import { PeakWindow } from '../../../../../src/forecast/core/calibration/peak.ts';
import { createForecaster } from '../../../../../src/forecast/core/index.ts';
import { createArena } from '../../../../../src/forecast/core/memory/arena.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';

/** Lets `base(i)` forecast a window whose largest row is `truth(i)` while the newest row is `newest(i)`. */
function play(
  steps: number,
  given: { base: (i: number) => number; truth: (i: number) => number; newest: (i: number) => number },
) {
  const window = new PeakWindow(300, 300, createArena());
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
    const random = createRandom(3);
    const erratic = (i: number) => (i < 400 ? 10_000 * random() : 55);
    const trusts = play(2000, { base: erratic, truth: (i) => 50 + (i % 3), newest: (i) => 45 + (i % 3) });
    const lowest = trusts.indexOf(0);
    expect(lowest).toBeGreaterThan(40);
    expect(
      trusts.slice(lowest - 11, lowest).every((trust, k, part) => k === 0 || trust < (part[k - 1] ?? 0)),
    ).toBe(true);
    const steps = trusts.map((trust, k) => Math.abs(trust - (trusts[k - 1] ?? 1)));
    expect(Math.max(...steps)).toBeCloseTo(1 / 12, 9);
    expect(trusts.at(-1)).toBe(1);
  });

  it('is lost and regained at different ratios, so that it does not flutter between them', () => {
    // Truth is at 50 and 5000 by turns and cannot be told: the bound is at 5000, which is 4950 too much every other
    // time. A newest row that is `short` below the truth loses 0.99 × short.
    const truth = (i: number) => (i % 2 === 0 ? 50 : 5000);
    const boundLoss = (0.01 * 4950) / 2;
    const shortFor = (ratio: number) => boundLoss / ratio / 0.99;
    /** The trust at the end of each phase of 3000 steps, in which the bound's loss is `ratio` times the newest row's. */
    const trustAfter = (...ratios: number[]) => {
      const newest = (i: number) => Math.max(0, truth(i) - shortFor(ratios[Math.floor(i / 3000)] ?? 1));
      const trusts = play(3000 * ratios.length, { base: () => 50, truth, newest });
      return ratios.map((_, phase) => trusts[3000 * (phase + 1) - 1]);
    };
    expect(trustAfter(0.7, 1.05, 1.2)).toEqual([1, 1, 0]);
    expect(trustAfter(1.2, 1.05, 0.95)).toEqual([0, 0, 1]);
  });

  it('stays where demand never changes, of which neither can be better', () => {
    const forecaster = createForecaster({ stepSeconds: 300 });
    for (let t = 300; t <= 8 * 86_400; t += 300) forecaster.observe(t, 42);
    expect(forecaster.peak({ windowSeconds: 600 })).toMatchObject({ status: 'ok', trust: 1 });
  });

  it('is not judged on a handful of peaks', () => {
    const trusts = play(40, { base: () => 1e6, truth: () => 1, newest: () => 1 });
    expect(trusts.every((trust) => trust === 1)).toBe(true);
  });

  it('learns nothing from a window whose peak is unknown', () => {
    const window = new PeakWindow(300, 300, createArena());
    for (let i = 0; i < 200; i++) {
      window.mature(i * 300, () => Number.NaN);
      window.keep(i * 300, 10, 10);
    }
    expect(window.residualCount).toBe(0);
  });
});

describe('the peak of a window', () => {
  it('is learned from its rows as soon as all of them are there, each origin once', () => {
    const window = new PeakWindow(600, 300, createArena());
    const asked: (readonly [number, number])[] = [];
    for (let now = 300; now <= 1500; now += 300) {
      window.mature(now, (from, to) => {
        asked.push([from, to]);
        return 10;
      });
      window.keep(now, 10, 10);
    }
    expect(asked).toEqual([
      [300, 900],
      [600, 1200],
      [900, 1500],
    ]);
    expect(window.residualCount).toBe(3);
  });
});
