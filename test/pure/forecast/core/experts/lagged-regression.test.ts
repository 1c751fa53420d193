import { describe, expect, it } from 'vitest';
import {
  createLaggedRegression,
  type LaggedRegression,
} from '../../../../../src/forecast/core/experts/lagged-regression.ts';
import { inLinear } from '../../../../../src/forecast/core/experts/spaces.ts';
import { learner } from './expert-learner.ts';

const options: LaggedRegression = { space: inLinear, lags: [1, 24], usual: [], ridge: 1e-6, prior: [1] };

describe('a lagged regression', () => {
  it('continues a series that obeys its lags, recursively', () => {
    // y(t) = y(t − 24), so that lag 24 explains all.
    const one = learner((context) => createLaggedRegression(context, options));
    const value = (step: number) => 50 + ((step * 7) % 24);
    for (let step = 0; step < 240; step++) one.feed(value(step));
    const path = one.predict(48) ?? new Float64Array();
    for (let h = 0; h < 48; h++) expect(path[h]).toBeCloseTo(value(240 + h), 1);
  });

  it('weighs what is usual before the target by its offset', () => {
    // The prior says y(t) = usual(t − 1): the second of the usual features. A strong ridge keeps it.
    const one = learner((context) =>
      createLaggedRegression(context, {
        space: inLinear,
        lags: [1],
        usual: [context.usualDay],
        ridge: 1e9,
        prior: [0, 0, 1],
      }),
    );
    const value = (step: number) => 50 + (step % 24);
    for (let step = 0; step < 960; step++) one.feed(value(step));
    const path = one.predict(20) ?? new Float64Array();
    for (let h = 1; h < 20; h++)
      expect(Math.abs((path[h] ?? Number.NaN) - value(960 + h - 1))).toBeLessThan(0.2);
  });

  it('stays within a fifth of the range beyond what was observed', () => {
    const one = learner((context) =>
      createLaggedRegression(context, { ...options, lags: [1], prior: [2], ridge: 1e9 }),
    );
    for (let step = 0; step < 100; step++) one.feed(step % 2 === 0 ? 10 : 20);
    one.feed(20);
    expect(Math.max(...(one.predict(40) ?? [Number.NaN]))).toBeCloseTo(22, 4);
  });

  it('is not available without lags', () => {
    const one = learner((context) => createLaggedRegression(context, { ...options, lags: [] }));
    for (let step = 0; step < 100; step++) one.feed(5);
    expect(one.predict()).toBeUndefined();
  });
});
