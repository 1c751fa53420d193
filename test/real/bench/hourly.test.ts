import { describe, expect, it } from 'vitest';
import { measureHourly } from '../../../bench/hourly/hourly.ts';
import type { WindowLane } from '../../../bench/opponents/window-lane.ts';
import { traceOf } from '../../../bench/replay/trace.ts';
import { createWorkingWeek } from '../../../src/load-shapes/index.ts';

const monday = 1_767_571_200;
const rateAt = createWorkingWeek({ peakRequestsPerSecond: 100, seed: 1 });

function hourly(hours: number, isMissing: (hour: number) => boolean = () => false) {
  const kept = Array.from({ length: hours }, (_, hour) => hour).filter((hour) => !isMissing(hour));
  const timestamps = Float64Array.from(kept, (hour) => monday + hour * 3600);
  return traceOf('made', {
    stepSeconds: 3600,
    timestamps,
    values: timestamps.map(rateAt),
    warnings: [],
  });
}

/** An opponent that knows the day before: its score must be the seasonal naive's. */
const echo: WindowLane = {
  ask: async ({ tasks }) =>
    tasks.map(({ values, horizonSteps }) => ({
      path: Array.from({ length: horizonSteps }, (_, h) => values[values.length - 24 + (h % 24)] ?? 0),
      milliseconds: 1,
    })),
  close: async () => {},
};

describe('the hourly windows', () => {
  it('are 331 h apart, at most 1008 long, and at least 700', async () => {
    const result = await measureHourly([hourly(1440)], [], echo);
    expect(result?.traces).toMatchObject([{ name: 'made', windows: 3 }]);
    expect(await measureHourly([hourly(699)], [], echo)).toBeUndefined();
    expect((await measureHourly([hourly(700)], [], echo))?.windows).toBe(1);
  });

  it('leave out a trace whose nights are missing', async () => {
    expect(await measureHourly([hourly(1440, (hour) => hour % 24 < 6)], [], echo)).toBeUndefined();
  });

  it('score every method by the same measures', async () => {
    const result = await measureHourly([hourly(1440)], ['r-stlf'], echo);
    const [ours, , naive, naive2, other] = result?.methods ?? [];
    expect(naive2).toMatchObject({ method: 'Naive2', owa: 1 });
    expect(other).toEqual({ ...naive, method: 'R stlf (log1p)' });
    expect(result?.maseRatio).toBeCloseTo((ours?.mase ?? 0) / (naive?.mase ?? 0));
    expect(result?.coverage).toBeGreaterThan(0.5);
  });
});
