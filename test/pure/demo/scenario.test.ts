import { describe, expect, it } from 'vitest';
import {
  scenario,
  scenarioShiftSeconds,
  secondsUntilStart,
  simulatedSeconds,
  simulatedTime,
} from '../../../demo/scenario.ts';
import { createHpa } from '../../../src/controllers/index.ts';

describe('the scenario', () => {
  it.each([0, 1_700_000_000, 1_763_712_345.6])(
    'begins on Tuesday before the morning ramp, whenever it is started (%d)',
    (start) => {
      expect(simulatedTime(start, scenarioShiftSeconds(start))).toBe('Tue 05:00');
    },
  );

  it('passes an hour in a 24th of its day', () => {
    const start = 1_700_000_000;
    const shift = scenarioShiftSeconds(start);
    expect(simulatedTime(start + scenario.daySeconds / 6, shift)).toBe('Tue 09:00');
    expect(simulatedTime(start + scenario.daySeconds, shift)).toBe('Wed 05:00');
  });

  it('waits for five in the morning, however long the model took to get warm', () => {
    const start = 1_700_000_000;
    const shift = scenarioShiftSeconds(start);
    expect(secondsUntilStart(start - 12, shift)).toBe(12);
    expect(secondsUntilStart(start, shift)).toBe(0);
    expect(secondsUntilStart(start + scenario.startToleranceSeconds, shift)).toBe(0);
    const late = secondsUntilStart(start + 30, shift);
    expect(simulatedTime(start + 30 + late, shift)).toBe('Wed 05:00');
  });

  it('has a date for every simulated moment, whose weekday and hour are those of the clock', () => {
    const start = 1_700_000_000.5;
    const shift = scenarioShiftSeconds(start);
    const at = (unixSeconds: number) =>
      new Date(simulatedSeconds(unixSeconds, shift, start) * 1000).toUTCString().slice(0, 22);
    expect(at(start)).toBe('Tue, 06 Jan 2026 05:00');
    expect(at(start + scenario.daySeconds / 6)).toBe('Tue, 06 Jan 2026 09:00');
    expect(at(start + 3 * scenario.daySeconds)).toBe('Fri, 09 Jan 2026 05:00');
  });

  it.each([
    {
      why: 'from fewer, at the morning peak with the most that noise takes off',
      from: 5,
      share: 0.955 * 0.97,
    },
    { why: 'from more, at the top of the day', from: 7, share: 1 },
    { why: 'from six, with twice the most that noise adds', from: 6, share: 1.06 },
  ])('leaves an HPA no doubt that six replicas are right: $why', ({ from, share }) => {
    const { minReplicas, maxReplicas, targetRequestsPerSecond: target, peakRequestsPerSecond } = scenario;
    const spec = { minReplicas, maxReplicas, behavior: { scaleDown: { stabilizationWindowSeconds: 0 } } };
    const metrics = [{ total: share * peakRequestsPerSecond, target }];
    const observed = { nowSeconds: 0, currentReplicas: from, metrics };
    expect(createHpa(spec).sync(observed)).toBe(6);
  });
});
