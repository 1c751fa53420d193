import { describe, expect, it } from 'vitest';
import { createForecaster } from '../../../../../src/forecast/core/index.ts';
import { workingWeek } from '../made-series.ts';

const day = 86_400;
const stepSeconds = 300;
/** A Saturday's midnight. */
const start = 19_000 * day;
/** A Monday's noon, sixteen days later. */
const noon = start + 16.5 * day;

/** A forecaster that has seen demand up to `noon`, and `steps` without any after it. */
function afterAbsence(steps: number, demandAfter?: number) {
  const forecaster = createForecaster({ stepSeconds });
  for (let t = start + stepSeconds; t <= noon; t += stepSeconds) forecaster.observe(t, workingWeek(t));
  for (let i = 1; i <= steps; i++) forecaster.observe(noon + i * stepSeconds, 0);
  if (demandAfter !== undefined) forecaster.observe(noon + (steps + 1) * stepSeconds, demandAfter);
  return forecaster;
}

function mediansAfter(steps: number, demandAfter?: number): readonly number[] {
  const result = afterAbsence(steps, demandAfter).forecast({ horizonSteps: 24 });
  if (result.status !== 'ok') throw new Error(result.reasons[0]?.message);
  return [...result.median];
}

describe('an absence of demand', () => {
  const usual = workingWeek(noon);
  const isExpected = (median: number | undefined) => (median ?? 0) > 0.5 * usual;

  it('changes no forecast with its first step', () => {
    expect(mediansAfter(1).every(isExpected)).toBe(true);
  });

  it('is expected for as long as it has lasted, and half an hour at most', () => {
    const absentFor = (steps: number) => mediansAfter(steps).filter((median) => median === 0).length;
    expect([2, 4, 7, 30].map(absentFor)).toEqual([1, 3, 6, 6]);
    expect(mediansAfter(30).slice(6).every(isExpected)).toBe(true);
  });

  it('leaves bounds and peaks where they were', () => {
    const levels = [0.9, 0.99];
    const boundsAfter = (steps: number) => {
      const forecaster = afterAbsence(steps);
      const forecast = forecaster.forecast({ horizonSteps: 6, quantiles: levels });
      const peak = forecaster.peak({ windowSeconds: 600, quantiles: levels });
      if (forecast.status !== 'ok' || peak.status !== 'ok') throw new Error('no forecast yet');
      return [forecast.quantiles['0.99']?.[0] ?? 0, peak.bounds[1] ?? 0];
    };
    for (const bound of boundsAfter(12)) expect(bound).toBeGreaterThan(0.9 * usual);
  });

  it('is over with the first demand that comes back', () => {
    expect(mediansAfter(12, usual).every(isExpected)).toBe(true);
  });

  it('is explained: the parts of a value add up to it', () => {
    const explained = afterAbsence(6).explain({ horizonSteps: 2, quantile: 0.5 });
    if (explained.status !== 'ok') throw new Error('no forecast yet');
    const sum = explained.components.reduce((total, { value }) => total + value, 0);
    expect(explained.median).toBe(0);
    expect(sum).toBeCloseTo(explained.value, 6);
  });
});
