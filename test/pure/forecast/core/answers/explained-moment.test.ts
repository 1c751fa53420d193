import { expect, it } from 'vitest';
import { explainedMoment } from '../../../../../src/forecast/core/answers/explained-moment.ts';
import { lengthsOf } from '../../../../../src/forecast/core/clock/lengths.ts';
import { createEngine } from '../../../../../src/forecast/core/engine/engine.ts';
import { createForecaster } from '../../../../../src/forecast/core/index.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';
import { workingWeek } from '../made-series.ts';

it('a moment across a change of the clocks is explained by the hour that clocks show then', () => {
  const stepSeconds = 3600;
  const change = Date.UTC(2026, 2, 29, 1) / 1000;
  const forecaster = createForecaster({ stepSeconds, timeZone: 'Europe/Berlin' });
  const local = (t: number) => t + (t < change ? 3600 : 7200);
  for (let t = change - 21 * 86_400; t <= change - 4 * 3600; t += stepSeconds)
    forecaster.observe(t, workingWeek(local(t)));
  const usualAt = (horizonSteps: number) => {
    const explanation = forecaster.explain({ horizonSteps, quantile: 0.5 });
    if (explanation.status !== 'ok') throw new Error('no explanation');
    const parts = explanation.components.filter(({ name }) => ['level', 'day', 'week'].includes(name));
    return {
      usual: parts.reduce((sum, { value }) => sum + value, 0),
      shown: workingWeek(local(explanation.atSeconds)),
    };
  };
  // Sunday's hours after the change, at which UTC would be an hour off.
  for (const h of [10, 12, 18]) {
    const { usual, shown } = usualAt(h);
    expect(Math.abs(usual - shown)).toBeLessThan(0.03 * shown);
  }
});

it('a moment is described without changing a forecast', () => {
  const hour = 3600;
  const engine = createEngine(lengthsOf({ stepSeconds: hour }), undefined, createScratch());
  for (let i = 1; i <= 24 * 21; i++) engine.observe(i * hour, workingWeek(i * hour));
  const before = engine.medianAt(5);
  const moment = explainedMoment(engine, 5);
  expect(moment.median).toBe(before);
  expect(engine.medianAt(5)).toBe(before);
  expect(moment.weights.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 5);
  const now = workingWeek(engine.originSeconds) / engine.unit;
  expect(Math.abs(moment.usualOfNewest.week - now)).toBeLessThan(0.2 * now + 1);
});
