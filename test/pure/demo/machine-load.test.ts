import { describe, expect, it } from 'vitest';
import { loadSince, tooBusy, watchMachine } from '../../../demo/machine-load.ts';

describe('the watch over the machine', () => {
  it('says that it was too busy when the demo itself was late, or most processes had to wait for a core', () => {
    const idle = { eventLoopP99Ms: 40, eventLoopMaxMs: 180, loadAverage: 5.3, cores: 2 };
    expect(tooBusy(idle)).toBeUndefined();
    expect(tooBusy({ ...idle, eventLoopP99Ms: 321.4 })).toMatch(
      /^this machine was too busy: the demo itself was late by 321 ms/,
    );
    expect(tooBusy({ ...idle, loadAverage: 15.2 })).toMatch(
      /^this machine was too busy: 15\.2 processes wanted its 2 cores/,
    );
  });

  it('counts no work that ended before, and all that came since', () => {
    // What Linux makes of a steady load, from an average before it.
    const averageOf = (before: number, steady: number, seconds: number) =>
      steady + (before - steady) * Math.exp(-seconds / 60);
    expect(loadSince(20, averageOf(20, 2, 45), 45)).toBeCloseTo(2);
    expect(loadSince(1, averageOf(1, 16, 45), 45)).toBeCloseTo(16);
    expect(loadSince(20, averageOf(20, 0, 600), 600)).toBeCloseTo(0);
    expect(loadSince(3, 4, 1)).toBe(4);
  });

  it('reads no lateness below zero, and none from before it was told to forget', () => {
    const watch = watchMachine();
    watch.countAnew();
    expect(watch.read().eventLoopP99Ms).toBe(0);
    watch.close();
  });
});
