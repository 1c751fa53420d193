import { expect, it } from 'vitest';
import { measureCost } from '../../../bench/cost.ts';

// What it costs depends on the machine, so only that everything was measured is looked at.
it('the costs are measured, and grow with rows and workloads', { timeout: 120_000 }, () => {
  const cost = measureCost({ isShort: true });
  const { observeMicroseconds, observeAndForecastMicroseconds, coldStartMs, kilobytesPerSeries } = cost;
  for (const figure of [observeMicroseconds, coldStartMs, kilobytesPerSeries])
    expect(figure).toBeGreaterThan(0);
  expect(observeAndForecastMicroseconds).toBeGreaterThan(observeMicroseconds);
  expect(cost.bySamples.map(({ rows }) => rows)).toEqual([2016, 4032, 8064]);
  expect(cost.byWorkloads.map(({ workloads }) => workloads)).toEqual([10, 20, 40]);
  const [few, , many] = cost.byWorkloads;
  expect(many?.kilobytes).toBeGreaterThan(2 * (few?.kilobytes ?? Number.POSITIVE_INFINITY));
});
