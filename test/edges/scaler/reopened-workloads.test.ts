import { describe, expect, it } from 'vitest';
import type { PeakResult } from '../../../src/forecast/index.ts';
import { silentLogger } from '../../../src/platform/log.ts';
import { createWorkloads } from '../../../src/scaler/directory/workloads.ts';
import { readTiming, workloadDefaults } from '../../../src/server/timing.ts';
import { createFakeModels } from './fake-models.ts';

const nowSeconds = 1_700_000_000;
const metadata = { query: 'up', threshold: '10', hpaTolerance: '0' };
const forecast: PeakResult = {
  status: 'ok',
  origin: nowSeconds,
  windowSeconds: 100,
  bounds: [60, 80],
  quantiles: {},
  credibleMaximum: 100,
};
const unread: PeakResult = {
  status: 'learning',
  origin: Number.NEGATIVE_INFINITY,
  reasons: [{ code: 'history-not-read', message: 'its history is being read' }],
};

/** A server's workloads, with models that the test sets. */
function made() {
  const models = createFakeModels();
  models.observed = { value: 30, atSeconds: nowSeconds };
  models.peak = forecast;
  const time = { monotonicSeconds: 0 };
  const workloads = createWorkloads({
    models,
    defaults: workloadDefaults(readTiming()),
    ...{ maxWorkloads: 10, maxPerNamespace: 10, forgetAfterSeconds: 600 },
    clock: () => nowSeconds + time.monotonicSeconds,
    monotonic: () => time.monotonicSeconds,
    log: silentLogger,
    isForcedReactive: () => false,
  });
  const open = (more: Readonly<Record<string, string>> = {}) =>
    workloads.open({ namespace: 'shop', name: 'web', scalerMetadata: { ...metadata, ...more } });
  return { models, workloads, open, time };
}

/** What is served for a trigger whose model was not read yet, right after another one of its ScaledObject was served 80. */
function servedAfter(edit: Readonly<Record<string, string>>, peak: PeakResult = unread): number | undefined {
  const { models, open } = made();
  expect(open().decision()?.signal).toBe(80);
  models.peak = peak;
  return open(edit).decision()?.signal;
}

describe('a trigger that takes the place of another one of its ScaledObject', () => {
  it.each([
    ['another history', { historyTimeWindow: '3d' }],
    ['another threshold', { threshold: '20' }],
    ['another header, such as a new token', { customHeaders: 'X-Key=new' }],
    ['another address', { prometheusAddress: 'http://prometheus:9090' }],
  ])('is served no less for %s, until its history is read', (_, edit) => {
    expect(servedAfter(edit)).toBe(80);
  });

  it.each<[string, Record<string, string>, PeakResult?]>([
    ['another query', { query: 'down' }],
    ['the same query at another address and threshold', { prometheusAddress: 'http://b', threshold: '1' }],
    ['reactive mode', { mode: 'reactive' }],
    ['another history that has been read', { historyTimeWindow: '3d' }, { ...forecast, bounds: [20, 25] }],
  ])('is not held to it with %s', (_, edit, peak) => {
    expect(servedAfter(edit, peak)).toBe(30);
  });
});

describe('a trigger that is known from before a restart', () => {
  const ref = { namespace: 'shop', name: 'web', scalerMetadata: metadata };
  const served = { atSeconds: nowSeconds - 20, signal: 80, active: true, observed: 30 };

  it.each([
    ['asked for', {}],
    ['asked for with another threshold', { threshold: '20' }],
  ])('is served no less where it is %s before its turn to be opened has come', (_, edit) => {
    const { models, workloads, open } = made();
    models.peak = unread;
    workloads.expect([{ ...ref, askedSecondsAgo: 20, served }]);
    expect(open(edit).decision()?.signal).toBe(80);
    // Its turn makes it no other one.
    workloads.open(ref, { askedSecondsAgo: 20, served });
    expect(open(edit).decision()?.signal).toBe(80);
  });

  it('that cannot be opened keeps no other trigger of its ScaledObject from being', () => {
    const { models, workloads, open } = made();
    models.peak = unread;
    workloads.expect([{ ...ref, scalerMetadata: { threshold: 'none' }, askedSecondsAgo: 20, served }]);
    expect(open().decision()?.signal).toBe(30);
  });
});

describe('a trigger that was closed and is asked for again', () => {
  /** What is served for it so many seconds after it was asked for last, while its history is read again. */
  function servedAgainAfter(seconds: number): number | undefined {
    const { models, workloads, open, time } = made();
    expect(open().decision()?.signal).toBe(80);
    time.monotonicSeconds = seconds;
    workloads.forgetIdle();
    expect(workloads.list()).toEqual([]);
    models.peak = unread;
    models.observed = { value: 30, atSeconds: nowSeconds + seconds };
    return open().decision()?.signal;
  }

  it('is served no less while its history is read, for the age up to which values are held', () => {
    expect(servedAgainAfter(601)).toBe(80);
    expect(servedAgainAfter(1801)).toBe(30);
  });

  it('is held to what another trigger for the same demand was served since', () => {
    const { models, workloads, open, time } = made();
    expect(open().decision()?.signal).toBe(80);
    time.monotonicSeconds = 2_000;
    workloads.forgetIdle();
    models.observed = { value: 30, atSeconds: nowSeconds + 2_000 };
    models.peak = { ...forecast, bounds: [60, 90] };
    expect(open({ historyTimeWindow: '3d' }).decision()?.signal).toBe(90);
    models.peak = unread;
    expect(open().decision()?.signal).toBe(90);
  });
});
