import { describe, expect, it } from 'vitest';
import { tooBusy, watchMachine } from '../../../demo/machine-load.ts';

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

  it('reads no lateness below zero, and none from before it was told to forget', () => {
    const watch = watchMachine();
    watch.countAnew();
    expect(watch.read().eventLoopP99Ms).toBe(0);
    watch.close();
  });
});
