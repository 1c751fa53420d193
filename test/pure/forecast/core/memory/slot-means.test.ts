import { describe, expect, it } from 'vitest';
import { SlotMeans, usualAt } from '../../../../../src/forecast/core/memory/slot-means.ts';

describe('slot means', () => {
  it('are plain means at first and exponentially weighted ones later', () => {
    const means = new SlotMeans(2, 0.25);
    for (const [step, root] of [
      [0, 8],
      [1, 1],
      [2, 4],
    ] as const)
      means.learn(step, root);
    expect(means.ofSlot(0)).toBeCloseTo(6, 3);
    // In the fifth season and later a plain mean would weigh the newest less than a quarter.
    for (let step = 4; step < 400; step += 2) means.learn(step, 4);
    means.learn(400, 12);
    expect(means.at(402)).toBeCloseTo(4 + 0.25 * 8, 2);
    expect(means.at(401)).toBeCloseTo(1, 3);
  });

  it('are full once every slot has been learned', () => {
    const means = new SlotMeans(2, 0.25);
    means.learn(0, 1);
    expect([means.isFull, means.at(1)]).toEqual([false, Number.NaN]);
    means.learn(3, 1);
    expect(means.isFull).toBe(true);
  });

  it('of no season are unknown and never full', () => {
    const none = new SlotMeans(0, 0.25);
    none.learn(5, 3);
    expect([none.isFull, none.at(5)]).toEqual([false, Number.NaN]);
  });

  it('keep a large value beside small ones, each to a thousandth of the largest', () => {
    const means = new SlotMeans(2, 0.25);
    means.learn(0, 3);
    means.learn(1, 50_000);
    expect(Math.abs(means.ofSlot(1) - 50_000)).toBeLessThan(50);
    expect(Math.abs(means.ofSlot(0) - 3)).toBeLessThan(50);
  });
});

describe('what is usual', () => {
  const always = (root: number) => ({ at: () => root });

  it('is three fifths the week and two fifths the day', () => {
    expect(usualAt(always(10), always(20), 0)).toBeCloseTo(16, 12);
  });

  it('is the one that is known, and unknown where neither is', () => {
    expect(usualAt(always(10), always(Number.NaN), 0)).toBe(10);
    expect(usualAt(always(Number.NaN), always(20), 0)).toBe(20);
    expect(usualAt(always(Number.NaN), always(Number.NaN), 0)).toBeNaN();
  });
});
