import { describe, expect, it } from 'vitest';
import { rateWindowSeconds, rateWindowWarnings } from '../../../../src/history/prometheus/rate-window.ts';

it.each([
  ['up', 0],
  ['sum(rate(a[1m]))', 60],
  ['sum(rate(a[1m])) + sum(rate(b[5m]))', 300],
  ['sum by (pod) (rate(a{path="/[2h]/x"}[5m]))', 300],
  ['sum(rate(a[5m])) by (pod)', 300],
  ['sum(increase(x[1h])) / 60', 3600],
  ['rate(a[300])', 300],
  ['rate(a[1m30s])', 90],
  ['# rate(a[2h])\nrate(a[5m])', 300],
  ['label_replace(rate(a[5m]), "x[1d]", "$1", "y", \'(.*)[2d]\')', 300],
])('is the longest range in the query: %s', (query, seconds) => {
  expect(rateWindowSeconds(query)).toBe(seconds);
  expect(rateWindowWarnings(query)).toEqual([]);
});

describe('what only scales demand does not count', () => {
  it.each([
    ['sum(web_rps) / scalar(max_over_time(sum(web_rps)[7d:5m])) * 100', 0],
    ['sum(rate(a[2m])) / scalar(max_over_time(sum(rate(a[5m]))[7d:5m])) * 100', 120],
    ['sum(x) / avg_over_time(x[1d])', 0],
    ['sum(x) / on (app) group_left (pod) avg_over_time(x[1d])', 0],
    ['sum(x) / ignoring (a, b) (1 + avg_over_time(x[1d]))', 0],
    ['sum(x) / -avg_over_time(x[1d])', 0],
    ['sum(x) / avg_over_time(x{a="b", c="d"}[1d]) ^ 2', 0],
    ['sum(x) / 2 ^ avg_over_time(x[1d])', 0],
    ['sum(x) / (1 + max_over_time(x[7d] offset 1d))', 0],
    ['x * (1 / max_over_time(x[7d]))', 0],
    ['sum(rate(a[5m])) / (sum(rate(b[1d])) > 0) or vector(0)', 300],
  ])('%s', (query, seconds) => {
    expect(rateWindowSeconds(query)).toBe(seconds);
    expect(rateWindowWarnings(query)).toEqual([]);
  });

  it.each([
    ['rate(a[1m]) / rate(b[5m]) * rate(c[10m])', 600],
    ['rate(a[1m]) / rate(b[5m]) + rate(c[10m])', 600],
    ['max(rate(a[1m]) / rate(b[5m]), rate(c[10m]))', 600],
    ['rate(a[1m]) / 2 or rate(c[10m])', 600],
    ['(rate(a[1m]) / rate(b[5m])) - rate(c[10m])', 600],
  ])('but what comes after a divisor does: %s', (query, seconds) => {
    expect(rateWindowSeconds(query)).toBe(seconds);
  });

  it('nor do the ranges of subqueries', () => {
    expect(rateWindowSeconds('max_over_time(sum(rate(b[5m]))[30m:1m])')).toBe(300);
    expect(rateWindowSeconds('quantile_over_time(0.9, sum(rate(b[5m]))[1h:])')).toBe(300);
  });
});

describe('an offset', () => {
  it.each([
    ['sum(rate(x[2m] offset 2m))', 120 + 240],
    ['sum(rate(x{a="b"}[2m] OFFSET 90s))', 120 + 180],
    ['sum(x offset 5m)', 600],
    ['max_over_time(sum(rate(x[2m] offset 1m))[10m:1m] offset 2m)', 120 + 120 + 240],
    ['sum(rate(x[2m] @ end() offset 2m))', 120 + 240],
    ['rate(x[2m] offset 2m) / rate(y[2m] offset 20m)', 120 + 240],
    ['rate(x[5m] offset -1m)', 180],
    ['rate(x[5m] offset -1h)', 0],
  ])('is a lag as a whole, where half of a range is: %s', (query, seconds) => {
    expect(rateWindowSeconds(query)).toBe(seconds);
  });
});

describe('more than an hour', () => {
  it.each([
    ['avg_over_time(x[1d])', '12h'],
    ['rate(x[2m] offset 1w)', '7d1m'],
    ['increase(x[2h]) or increase(x[1h])', '1h'],
  ])('is cut to an hour, and the user is told: %s', (query, lag) => {
    expect(rateWindowSeconds(query)).toBe(3600);
    expect(rateWindowWarnings(query)).toEqual([
      expect.stringMatching(new RegExp(`^query: its values lag by ${lag} .*30m at most.*peakWindow`)),
    ]);
  });

  it('is told of no query with a range of an hour', () => {
    expect(rateWindowWarnings('increase(x[1h])')).toEqual([]);
  });
});

it('is found in one reading of the query, even where that is nothing but brackets', () => {
  const texts = [
    '['.repeat(200_000),
    '[1m:'.repeat(50_000),
    '('.repeat(200_000),
    ')'.repeat(200_000),
    `"${'\\"'.repeat(100_000)}"`,
    '@'.repeat(200_000),
    'offset '.repeat(30_000),
    '/-'.repeat(100_000).concat('1 +'),
  ];
  for (const text of texts) expect(rateWindowSeconds(`${text} [5m]`), text.slice(0, 9)).toBe(300);
});
