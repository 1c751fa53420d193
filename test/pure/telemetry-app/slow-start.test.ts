import { describe, expect, it } from 'vitest';
import { createSlowStart } from '../../../src/telemetry-app/capacity/slow-start.ts';
import { createVirtualTimers } from './virtual-timers.ts';

describe('a slow start', () => {
  it('counts down to ready, then grows to the whole capacity in a straight line', () => {
    const timers = createVirtualTimers();
    timers.runTo(5_000);
    const options = { readyDelaySeconds: 3, warmUpSeconds: 10, warmUpFactor: 0.3, nowMs: timers.nowMs };
    const start = createSlowStart(options);
    const seen = [0, 1.5, 3, 8, 13, 100].map((seconds) => {
      timers.runTo(5_000 + seconds * 1000);
      return [start.secondsToReady(), Number(start.factor().toFixed(6))];
    });
    expect(seen).toEqual([
      [3, 0.3],
      [1.5, 0.3],
      [0, 0.3],
      [0, 0.65],
      [0, 1],
      [0, 1],
    ]);
  });

  it('is none where nothing is asked for', () => {
    const start = createSlowStart({
      readyDelaySeconds: 0,
      warmUpSeconds: 0,
      warmUpFactor: 0.3,
      nowMs: () => 7,
    });
    expect([start.secondsToReady(), start.factor()]).toEqual([0, 1]);
  });
});
