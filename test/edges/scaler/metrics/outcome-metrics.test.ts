import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import type { ServiceOutcome } from '../../../../src/forecast/index.ts';
import { createScalerMetrics } from '../../../../src/scaler/index.ts';
import {
  directoryOf,
  goodOutcome,
  modelOf,
  nowSeconds,
  servedSpan,
  taught,
  workloadOf,
} from '../../api/fixture.ts';

const model = modelOf(taught(0));

/** Scrapes one workload, whose outcome the test changes in between. */
function createScrape() {
  const metrics = createScalerMetrics(new Registry(), '1.2.3');
  return async (outcome: ServiceOutcome | undefined) => {
    const directory = directoryOf([workloadOf(model, { outcome: () => outcome })]);
    const { body } = await metrics.scrape(directory, nowSeconds);
    const line = /^(forescale_\w+)\{namespace="shop",name="checkout",trigger="a1b2c3d4"(?:,(.*))?\} (.*)$/;
    const samples = body.split('\n').flatMap((text) => {
      const [, name = '', labels = '', value] = line.exec(text) ?? [];
      return value === undefined ? [] : [[`${name} ${labels}`.trim(), Number(value)] as const];
    });
    return { body, samples: new Map(samples) };
  };
}

it('shows what was asked for, what was achieved, and what is left of the error budget', async () => {
  const { samples } = await createScrape()(goodOutcome);
  expect(samples.get('forescale_asked_level')).toBe(0.972);
  expect(samples.get('forescale_headroom_ratio')).toBe(1.45);
  expect(samples.get('forescale_achieved_service window="1h"')).toBe(1);
  expect(samples.get('forescale_achieved_service window="1d"')).toBeCloseTo(0.989, 9);
  expect(samples.get('forescale_achieved_service window="7d"')).toBeCloseTo(0.991, 9);
  expect(samples.get('forescale_error_budget_left_ratio')).toBeCloseTo(0.1, 9);
});

it('counts short time and replicas of both rules, as counters that keep their value between scrapes', async () => {
  const scrape = createScrape();
  for (let count = 0; count < 2; count++) {
    const { body, samples } = await scrape(goodOutcome);
    expect(body).toContain('# TYPE forescale_short_seconds_total counter');
    expect(body).toContain('# TYPE forescale_replica_seconds_total counter');
    expect(samples.get('forescale_short_seconds_total policy="forescale"')).toBeCloseTo(72, 9);
    expect(samples.get('forescale_short_seconds_total policy="reactive"')).toBeCloseTo(720, 9);
    expect(samples.get('forescale_replica_seconds_total policy="forescale"')).toBe(7 * 7_200);
    expect(samples.get('forescale_replica_seconds_total policy="reactive"')).toBe(6 * 7_200);
  }
  const { samples } = await scrape({ ...goodOutcome, counted: servedSpan(10_800, [0.01, 7], [0.1, 6]) });
  expect(samples.get('forescale_short_seconds_total policy="forescale"')).toBeCloseTo(108, 9);
});

it('begins the counters at zero, and shows nothing before anything was played', async () => {
  const scrape = createScrape();
  const begun = await scrape({ ...goodOutcome, counted: servedSpan(0, [0, 0], [0, 0]) });
  expect(begun.samples.get('forescale_short_seconds_total policy="forescale"')).toBe(0);
  const { samples } = await scrape(undefined);
  const names = [...samples.keys()].join(' ');
  expect(names).toContain('forescale_signal');
  expect(names).not.toMatch(/asked_level|headroom|achieved|budget|_total/);
});
