import { expect, it } from 'vitest';
import type { ServiceOutcome } from '../../../../src/forecast/index.ts';
import { goodOutcome, modelOf, servedSpan, taught, workloadOf } from '../../api/fixture.ts';
import { samplesOf, scraped, scrapedByName } from './scraped.ts';

const model = modelOf(taught(0));
const withOutcome = (outcome: ServiceOutcome | undefined) => workloadOf(model, { outcome: () => outcome });

it('shows what was asked for, what was achieved, and what is left of the error budget', async () => {
  const samples = samplesOf(await scrapedByName(withOutcome(goodOutcome)));
  expect(samples.get('forescale_asked_level')).toBe(0.972);
  expect(samples.get('forescale_headroom_ratio')).toBe(1.45);
  expect(samples.get('forescale_achieved_service window="1h"')).toBe(1);
  expect(samples.get('forescale_achieved_service window="1d"')).toBeCloseTo(0.989, 9);
  expect(samples.get('forescale_achieved_service window="7d"')).toBeCloseTo(0.991, 9);
  expect(samples.get('forescale_error_budget_left_ratio')).toBeCloseTo(0.1, 9);
  const usual = samplesOf(await scraped(withOutcome(goodOutcome)));
  expect([...usual.keys()].filter((key) => key.includes('window='))).toEqual([
    'forescale_achieved_service window="7d"',
  ]);
  expect(usual.get('forescale_error_budget_left_ratio')).toBeCloseTo(0.1, 9);
});

it('counts short time and replicas of both rules, as counters that keep their value between scrapes', async () => {
  for (let count = 0; count < 2; count++) {
    const text = await scraped(withOutcome(goodOutcome));
    const samples = samplesOf(text);
    expect(text).toContain('# TYPE forescale_short_seconds_total counter');
    expect(text).toContain('# TYPE forescale_replica_seconds_total counter');
    expect(samples.get('forescale_short_seconds_total policy="forescale"')).toBeCloseTo(72, 9);
    expect(samples.get('forescale_short_seconds_total policy="reactive"')).toBeCloseTo(720, 9);
    expect(samples.get('forescale_replica_seconds_total policy="forescale"')).toBe(7 * 7_200);
    expect(samples.get('forescale_replica_seconds_total policy="reactive"')).toBe(6 * 7_200);
  }
  const later = withOutcome({ ...goodOutcome, counted: servedSpan(10_800, [0.01, 7], [0.1, 6]) });
  const samples = samplesOf(await scraped(later));
  expect(samples.get('forescale_short_seconds_total policy="forescale"')).toBeCloseTo(108, 9);
});

it('begins the counters at zero, and shows nothing before anything was played', async () => {
  const begun = withOutcome({ ...goodOutcome, counted: servedSpan(0, [0, 0], [0, 0]) });
  expect(samplesOf(await scraped(begun)).get('forescale_short_seconds_total policy="forescale"')).toBe(0);
  for (const scrape of [scraped, scrapedByName]) {
    const names = [...samplesOf(await scrape(withOutcome(undefined))).keys()].join(' ');
    expect(names).toContain('forescale_signal');
    expect(names).not.toMatch(/asked_level|headroom|achieved|budget|_total/);
  }
});
