import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../../src/what-if/index.ts';
import {
  cheapestWithin,
  chooseSetting,
  replicaHoursAt,
} from '../../../../src/what-if/outcome/equal-service.ts';

const outcome = (shortTimeShare: number, replicaHours: number): Outcome => ({
  shortTimeShare,
  replicaHours,
  unservedShare: 0,
  shortageShare: 0,
  excessShare: 0,
  oracleReplicaHours: 100,
  changes: 0,
  goodputPerReplica: 0,
  worstDayShortShare: 0,
  longestShortSeconds: 0,
  hours: 1,
});

const curve = [outcome(0.1, 100), outcome(0.02, 120), outcome(0.008, 140), outcome(0.001, 200)];

describe('policies at equal service', () => {
  it('are taken with the cheapest setting that keeps the service', () => {
    expect(cheapestWithin(curve, 0.01)).toBe(2);
    expect(cheapestWithin(curve, 0.0001)).toBeUndefined();
  });

  it('are taken with the setting that is short least where none keeps the service', () => {
    expect(chooseSetting(curve, 0.01)).toBe(2);
    expect(chooseSetting(curve, 0.0001)).toBe(3);
  });

  it('cost between two settings what using each for some of the time costs', () => {
    expect(replicaHoursAt(curve, 0.02)).toBe(120);
    expect(replicaHoursAt(curve, 0.014)).toBeCloseTo(130, 10);
    expect(replicaHoursAt(curve, 0.5)).toBe(100);
    expect(replicaHoursAt(curve, 0.0005)).toBeUndefined();
  });

  it('are not made dearer by a setting that is dear and short', () => {
    expect(replicaHoursAt([...curve, outcome(0.02, 500), outcome(0.005, 600)], 0.014)).toBeCloseTo(130, 10);
  });
});
