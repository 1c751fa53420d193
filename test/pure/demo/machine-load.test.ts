import { describe, expect, it } from 'vitest';
import { machineErrors, watchMachine } from '../../../demo/machine-load.ts';

describe('the watch over the machine', () => {
  it('says that it was too busy when the demo itself was late', () => {
    expect(machineErrors({ eventLoopP99Ms: 40 })).toEqual([]);
    expect(machineErrors({ eventLoopP99Ms: 321.4 })).toEqual([
      expect.stringMatching(/^this machine was too busy: the demo itself was late by 321 ms/),
    ]);
  });

  it('reads no lateness below zero, and none from before it was told to forget', () => {
    const watch = watchMachine();
    watch.countAnew();
    expect(watch.read().eventLoopP99Ms).toBe(0);
    watch.close();
  });
});
