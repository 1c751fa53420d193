import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { randomRuns } from '../../../support/random-runs.ts';
import { directoryOf, modelOf, nowSeconds, taught, workloadOf } from '../fixture.ts';
import { openPromClient, type PromClient } from './client.ts';

let client: PromClient;
beforeAll(async () => {
  const learned = modelOf(taught(9));
  client = await openPromClient({
    directory: directoryOf([
      workloadOf(learned),
      workloadOf(learned, { trigger: 'ffff0000' }),
      workloadOf(modelOf(taught(0)), { name: 'young', decision: () => undefined }),
    ]),
  });
});
afterAll(() => client.app.close());

const word = fc.constantFrom(
  ...[
    'forescale_peak',
    'forescale_forecast',
    '{',
    '}',
    '"',
    'workload=~"c.*|(x)+"',
    'quantile="0.1"',
    'sum',
    'by',
    'without',
  ],
  ...['(', ')', 'offset', '5m', '-', '1', '=~', '# x', '\n', 'inf', 'nan', '`', '[5m]', '@', '__proto__'],
);
const promql = fc.oneof(
  fc.constantFrom(
    'forescale_forecast',
    'forescale_peak offset -1h',
    'forescale_observed offset 99999y',
    'sum by (workload) (forescale_forecast)',
    'max without (__proto__) (forescale_signal)',
    '{__name__=~".+"}',
    'forescale_forecast{quantile=~"0.000001|0.9999"}',
    '1+1',
  ),
  fc.string(),
  fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
);
const moment = fc.oneof(
  fc.constantFrom(String(nowSeconds), String(nowSeconds + 3_600), '', '1e3', '-1', '1e300', 'NaN'),
  fc.constantFrom('2026-01-06T09:00:00Z', '9999-12-31T23:59:59Z', '253402300799', '-253402300799'),
  fc.string({ maxLength: 12 }),
  fc.double().map(String),
);
const step = fc.oneof(
  fc.constantFrom('15', '300', '5m', '1e-9', '0.001', '1e300', '0', '1y', 'Infinity'),
  fc.string({ maxLength: 5 }),
);
const path = fc.constantFrom(
  ...['query', 'query_range', 'series', 'labels', 'label/workload/values', 'label/%00/values'],
  ...['metadata', 'status/buildinfo', 'rules', 'query_exemplars', 'nothing'],
);
const parameters = fc.record(
  {
    query: promql,
    'match[]': fc.array(promql, { maxLength: 3 }),
    time: moment,
    start: moment,
    end: moment,
    step,
    limit: fc.oneof(fc.constantFrom('0', '1', '1e3'), fc.string({ maxLength: 3 })),
  },
  { requiredKeys: ['query'] },
);

/** A hundred thousand requests, which the long form sends, take some minutes. */
const timeout = 1_200_000;

it('answers any request with data or with what is wrong, never with a fault of its own', {
  timeout,
}, async () => {
  const seen = new Set<number>();
  const answered = fc.asyncProperty(path, parameters, fc.boolean(), async (path, parameters, isForm) => {
    const { statusCode, status } = await (isForm ? client.post : client.get)(path, parameters);
    seen.add(statusCode);
    expect(statusCode).toBeLessThan(500);
    expect(status).toBe(statusCode === 200 ? 'success' : 'error');
  });
  await fc.assert(answered, randomRuns('FORESCALE_INPUTS', 1_500));
  expect([...seen].sort()).toEqual([200, 400, 404, 405, 422]);
});
