import { describe, expect, it } from 'vitest';
import { syntheticPack } from '../../../bench/replay/synthetic-pack.ts';
import { type Damage, damages } from '../../../bench/robustness/damage.ts';
import { measureRobustness } from '../../../bench/robustness/robustness.ts';
import { createRandom } from '../../../src/load-shapes/index.ts';

const history = {
  stepSeconds: 300,
  timestamps: Float64Array.from({ length: 4032 }, (_, i) => i * 300),
  values: Float64Array.from({ length: 4032 }, (_, i) => 1 + (i % 100)),
  warnings: [],
};
const at = 10 * 86_400;
const put = (damage: Damage) => damage.apply(history, at, createRandom(1));
const within = (seconds: number) => (_: number, i: number) => i * 300 > at && i * 300 <= at + seconds;

describe('damage', () => {
  it('leaves the history it is put into as it was', () => {
    const before = Float64Array.from(history.values);
    for (const damage of Object.values<Damage>(damages)) put(damage);
    expect(history.values).toEqual(before);
  });

  it('takes out a fifth of the rows, or six hours of them', () => {
    expect(put(damages.gaps).values.length / 4032).toBeCloseTo(0.8, 1);
    expect(put(damages.hole).values.length).toBe(4032 - 72);
  });

  it('multiplies by twenty for half an hour, or is zero for three', () => {
    expect([...put(damages.spike).values].filter((value, i) => value !== history.values[i])).toHaveLength(6);
    expect([...put(damages.outage).values].filter(within(3 * 3600))).toEqual(new Array(36).fill(0));
  });

  it('shifts everything that comes after', () => {
    const { values } = put(damages.levelShift);
    expect(values[2880]).toBe(history.values[2880]);
    expect(values[2881]).toBe(1.5 * (history.values[2881] ?? 0));
    expect(values[4031]).toBe(1.5 * (history.values[4031] ?? 0));
  });

  it('clips the highest fifth of a day and marks just these rows', () => {
    const { values, isCensored = new Uint8Array() } = put(damages.clipped);
    const marked = isCensored.reduce((sum, one) => sum + one, 0);
    expect(marked / 288).toBeGreaterThan(0.15);
    expect(marked / 288).toBeLessThanOrEqual(0.2);
    for (const [i, value] of values.entries()) {
      const original = history.values[i] ?? 0;
      if (isCensored[i] === 1) expect(value).toBeLessThan(original);
      else expect(value).toBe(original);
    }
  });
});

describe('the measure of robustness', () => {
  it('of every kind changes the forecasts', async () => {
    const made = syntheticPack().find(({ trace }) => trace.name === 'made-growing-10m');
    if (made === undefined) throw new Error('the pack has no such series');
    const outcomes = await measureRobustness(made.trace, 1);
    expect(outcomes.map(({ damage }) => damage)).toEqual(Object.keys(damages));
    for (const { wapeChange, coverage, medianChange } of outcomes) {
      expect([wapeChange, coverage, medianChange].every(Number.isFinite)).toBe(true);
      expect(wapeChange).not.toBe(0);
    }
  });
});
