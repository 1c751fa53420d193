import { expect, it } from 'vitest';
import { createKeptAnswers } from '../../../../src/api/forecasts/kept-answers.ts';
import type { WorkloadView } from '../../../../src/forecast/index.ts';

let newest = 0;
const workload = {
  model: { newestSeconds: () => newest },
  cluster: () => ({ hpaTolerance: { up: 0.1 } }),
} as unknown as WorkloadView;
const body = 'time,median\n';

it('gives an answer back until something new is known of the workload', () => {
  const kept = createKeptAnswers(10_000);
  const { etag } = kept.keep('json /a', workload, body);
  expect(kept.find('json /a', workload)).toMatchObject({ body, etag });
  expect(kept.find('json /a', { ...workload })).toBeUndefined();
  newest = 60;
  expect(kept.find('json /a', workload)).toBeUndefined();
});

it('keeps no more than fits, however short the answers and however long the questions are', () => {
  const most = 1_000_000;
  const kept = createKeptAnswers(most);
  const keys = Array.from({ length: 1_000 }, (_, index) => `csv /${index}?${'x'.repeat(8_000)}`);
  for (const key of keys) kept.keep(key, workload, body);
  const found = keys.filter((key) => kept.find(key, workload) !== undefined);
  expect(found).toContain(keys.at(-1));
  expect(found.join('').length).toBeLessThanOrEqual(most);
});

it('keeps the newest answer where it alone is too large', () => {
  const kept = createKeptAnswers(100);
  kept.keep('json /a', workload, body);
  kept.keep('json /b', workload, body);
  expect(kept.find('json /a', workload)).toBeUndefined();
  expect(kept.find('json /b', workload)).toBeDefined();
});
