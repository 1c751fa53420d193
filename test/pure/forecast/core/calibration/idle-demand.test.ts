import { describe, expect, it } from 'vitest';
import { IdleDemand } from '../../../../../src/forecast/core/calibration/idle-demand.ts';

/** One that has been idle for an hour beside demand of 100. */
function settled(): IdleDemand {
  const idle = new IdleDemand();
  for (let step = 0; step < 12; step++) idle.learn(0.01, 0.01, 100);
  return idle;
}

describe('an idle workload', () => {
  it('is expected less than a hundredth of its highest demand', () => {
    const idle = new IdleDemand();
    expect(idle.isIdle(0)).toBe(false);
    idle.learn(50, 50, 100);
    expect([0, 0.99, 1].map((expected) => idle.isIdle(expected))).toEqual([true, true, false]);
  });

  it('is asleep where nothing came when as little was expected, and half as much', () => {
    const idle = settled();
    idle.learn(0.2, 0, 100);
    expect([0.2, 0.4, 0.41].map((expected) => idle.isNoise(expected))).toEqual([true, true, false]);
  });

  it('is expected to wake where demand has come when as little was expected', () => {
    const idle = settled();
    idle.learn(0.2, 0, 100);
    idle.learn(0.2, 0.15, 100);
    expect([0.1, 0.11, 0.2].map((expected) => idle.isNoise(expected))).toEqual([true, false, false]);
  });

  it('learns nothing in the first hour after demand', () => {
    const idle = settled();
    idle.learn(50, 50, 100);
    for (let step = 0; step < 12; step++) idle.learn(0.5, 0, 100);
    expect(idle.isNoise(0.2)).toBe(false);
    idle.learn(0.1, 0, 100);
    expect(idle.isNoise(0.2)).toBe(true);
  });

  it('learns nothing from a fall by day, which may be an outage', () => {
    const idle = new IdleDemand();
    idle.learn(50, 0, 100);
    expect(idle.isNoise(0.5)).toBe(false);
  });
});
