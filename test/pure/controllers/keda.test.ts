import { describe, expect, it } from 'vitest';
import {
  decideActivation,
  hpaBounds,
  type KedaSpec,
  kedaTarget,
  kedaTotal,
  kedaValue,
} from '../../../src/controllers/index.ts';

const fromZero: KedaSpec = { minReplicas: 0, maxReplicas: 10, cooldownSeconds: 300 };
const atLeastTwo: KedaSpec = { ...fromZero, minReplicas: 2 };
const idling: KedaSpec = { ...atLeastTwo, idleReplicas: 0 };

describe('KEDA between zero and some replicas', () => {
  // keda pkg/scaling/executor/scale_scaledobjects.go, RequestScale; lastActive 1000, now 1100, cooldown 300.
  it.each([
    { spec: fromZero, current: 0, active: true, failed: false, replicas: 1, reason: 'Activated' },
    { spec: atLeastTwo, current: 0, active: true, failed: false, replicas: 2, reason: 'Activated' },
    { spec: idling, current: 0, active: true, failed: false, replicas: 2, reason: 'Activated' },
    { spec: fromZero, current: 5, active: true, failed: false, replicas: 5, reason: 'Active' },
    { spec: fromZero, current: 5, active: true, failed: true, replicas: 5, reason: 'Active' },
    { spec: fromZero, current: 5, active: false, failed: false, replicas: 5, reason: 'CoolingDown' },
    { spec: fromZero, current: 0, active: false, failed: false, replicas: 0, reason: 'Inactive' },
    { spec: fromZero, current: 5, active: false, failed: true, replicas: 5, reason: 'ScalerFailed' },
    { spec: atLeastTwo, current: 5, active: false, failed: false, replicas: 5, reason: 'Inactive' },
    { spec: atLeastTwo, current: 1, active: false, failed: false, replicas: 2, reason: 'RaisedToMin' },
    { spec: idling, current: 5, active: false, failed: false, replicas: 5, reason: 'CoolingDown' },
  ])('$reason: $current becomes $replicas', ({ spec, current, active, failed, replicas, reason }) => {
    const state = { lastActiveSeconds: 1000 };
    const observed = { nowSeconds: 1100, currentReplicas: current, active, failed };
    expect(decideActivation(spec, state, observed)).toMatchObject({ replicas, reason });
  });

  it('goes to zero once the cooldown is over, and not a moment sooner', () => {
    const at = (nowSeconds: number) =>
      decideActivation(
        fromZero,
        { lastActiveSeconds: 1000 },
        { nowSeconds, currentReplicas: 5, active: false, failed: false },
      );
    expect(at(1300)).toMatchObject({ replicas: 5, reason: 'CoolingDown' });
    expect(at(1300.5)).toMatchObject({ replicas: 0, reason: 'Deactivated' });
  });

  it('counts the cooldown from the last activity', () => {
    const observed = { nowSeconds: 2000, currentReplicas: 5, active: true, failed: false };
    expect(decideActivation(fromZero, { lastActiveSeconds: 1000 }, observed).state).toEqual({
      lastActiveSeconds: 2000,
    });
  });

  it('owes no cooldown to a workload that was never active', () => {
    const observed = { nowSeconds: 10, currentReplicas: 3, active: false, failed: false };
    expect(decideActivation(fromZero, { lastActiveSeconds: undefined }, observed).replicas).toBe(0);
  });

  it('never goes to zero for an error, however long it lasts', () => {
    const observed = { nowSeconds: 1e9, currentReplicas: 3, active: false, failed: true };
    expect(decideActivation(fromZero, { lastActiveSeconds: 0 }, observed).replicas).toBe(3);
  });

  it('gives the HPA a minimum of one', () => {
    expect(hpaBounds(fromZero)).toEqual({ minReplicas: 1, maxReplicas: 10 });
    expect(hpaBounds(atLeastTwo)).toEqual({ minReplicas: 2, maxReplicas: 10 });
  });
});

describe('what KEDA makes of a reported value', () => {
  // Measured with KEDA 2.20.2 through the aggregated metrics API.
  it.each([
    { metricValue: 7, metricValueFloat: 0, exposed: 7, why: 'the integer of an old scaler' },
    { metricValue: 20, metricValueFloat: 22.222, exposed: 22.222, why: 'the float before the integer' },
    { metricValue: 0, metricValueFloat: 0, exposed: 0, why: 'zero' },
    { metricValue: 9, metricValueFloat: 0, exposed: 9, why: 'a stale integer behind a zero float' },
    { metricValue: 0, metricValueFloat: Number.NaN, exposed: 0, why: 'NaN' },
    { metricValue: 0, metricValueFloat: -5, exposed: 0, why: 'a negative float' },
    { metricValue: -5, metricValueFloat: 0, exposed: 0, why: 'a negative integer' },
    { metricValue: 3, metricValueFloat: Number.POSITIVE_INFINITY, exposed: 0, why: 'infinity' },
    { metricValue: 0, metricValueFloat: 1.23456, exposed: 1.235, why: 'three decimals' },
    { metricValue: 0, metricValueFloat: 0.0004, exposed: 0, why: 'too small to show' },
  ])('$why: $exposed', ({ metricValue, metricValueFloat, exposed }) => {
    expect(kedaValue({ metricValue, metricValueFloat })).toBe(exposed);
  });

  it('lets the HPA see the sum of several values', () => {
    const value = { metricValue: 0, metricValueFloat: 25 };
    expect(kedaTotal([value, value])).toBe(50);
  });

  it('has no total where there is no value, which is not zero', () => {
    expect(kedaTotal([])).toBeUndefined();
  });

  it.each([
    { targetSize: 10, targetSizeFloat: 0, target: 10 },
    { targetSize: 6, targetSizeFloat: 6.111, target: 6.111 },
    { targetSize: 0, targetSizeFloat: 0, target: 0 },
  ])('takes $target as the target of $targetSize and $targetSizeFloat', ({ target, ...spec }) => {
    expect(kedaTarget(spec)).toBe(target);
  });
});
