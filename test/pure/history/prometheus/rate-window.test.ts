import { expect, it } from 'vitest';
import { rateWindowSeconds } from '../../../../src/history/prometheus/rate-window.ts';

it('is the longest range in the query, subqueries included', () => {
  expect(rateWindowSeconds('sum(rate(a[1m])) + max_over_time(rate(b[5m])[30m:1m])')).toBe(1800);
  expect(rateWindowSeconds('up')).toBe(0);
});

it('is found in one reading of the query, even where that is nothing but brackets', () => {
  for (const text of ['['.repeat(1_000_000), '[1m:'.repeat(250_000)]) {
    expect(rateWindowSeconds(`${text} [5m]`)).toBe(300);
  }
});
