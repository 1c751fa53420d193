import type { ServerUnaryCall } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/platform/log.ts';
import { createScalerService, createWorkloads } from '../../../src/scaler/index.ts';
import { createFakeModels } from './fake-models.ts';

const lags = {
  ...{ scrapeIntervalSeconds: 15, refreshIntervalSeconds: 10, kedaPollingSeconds: 30, hpaSyncSeconds: 15 },
};

/** Metadata that count what is looked up in them; who makes a digest or settings of them asks for more than their keys. */
function countedMetadata(metadata: Readonly<Record<string, string>>) {
  const looked: string[] = [];
  const scalerMetadata = new Proxy(metadata, {
    get(target, name) {
      looked.push(String(name));
      return Reflect.get(target, name) as unknown;
    },
  });
  return { scalerMetadata, looked };
}

function createWorld() {
  let now = 1_000_000;
  const models = createFakeModels();
  models.observed = { value: 42, atSeconds: now };
  const decisions: unknown[] = [];
  const rpcs: string[] = [];
  const workloads = createWorkloads({
    models,
    defaults: { lags, leadTimeSeconds: 120, freshSeconds: 15, blindSeconds: 1800 },
    maxWorkloads: 3,
    maxPerNamespace: 10,
    forgetAfterSeconds: 86_400,
    clock: () => now,
    monotonic: () => now,
    log: silentLogger,
    isForcedReactive: () => false,
    record: { note: (_key, decision) => void decisions.push(decision) },
  });
  const { handlers } = createScalerService({
    workloads,
    log: silentLogger,
    onRpc: (method, code) => rpcs.push(`${method} ${code}`),
    monotonic: () => now,
  });
  /** Calls a handler, and gives what it has answered when it returns. */
  const ask = (method: 'GetMetrics' | 'IsActive' | 'GetMetricSpec', scalerMetadata: object): unknown => {
    let answer: unknown = 'not answered yet';
    const ref = { namespace: 'shop', name: 'app', scalerMetadata };
    const request = method === 'GetMetrics' ? { scaledObjectRef: ref, metricName: 'm' } : ref;
    const handle = handlers[method] as (
      call: unknown,
      done: (error: unknown, value?: unknown) => void,
    ) => void;
    handle({ request } as ServerUnaryCall<unknown, unknown>, (error, value) => {
      answer = error ?? value;
    });
    return answer;
  };
  return { models, decisions, rpcs, workloads, ask, pass: (seconds: number) => (now += seconds) };
}

const metadata = {
  query: 'sum(rate(requests_total[1m]))',
  threshold: '10',
  hpaTolerance: '0',
  leadTime: '2m',
};
const keys = Object.keys(metadata);

describe('a question about a workload that is open', () => {
  it('is answered at once, a thousand times without a digest, settings, a forecast or a decision of its own', async () => {
    const { models, decisions, rpcs, ask, workloads } = createWorld();
    const first = countedMetadata(metadata);
    workloads.open({ namespace: 'shop', name: 'app', scalerMetadata: first.scalerMetadata });
    // This is what is looked up where a digest and settings are made.
    expect(first.looked).toContain('toJSON');
    expect(first.looked).toContain('timeoutFromEnv');
    models.update();
    const before = [decisions.length, models.peaksAsked.length];
    expect(before.every((count) => count > 0)).toBe(true);

    const { scalerMetadata, looked } = countedMetadata(metadata);
    for (let time = 0; time < 1_000; time++) {
      expect(ask('GetMetrics', scalerMetadata)).toEqual({
        metricValues: [{ metricName: 'm', metricValue: 42, metricValueFloat: 42 }],
      });
      expect(ask('IsActive', scalerMetadata)).toEqual({ result: true });
      expect(ask('GetMetricSpec', scalerMetadata)).toMatchObject({ metricSpecs: [{ targetSizeFloat: 10 }] });
    }
    expect([...new Set(looked)].sort()).toEqual([...keys].sort());
    expect(looked.length).toBe(3 * 1_000 * keys.length);
    expect([decisions.length, models.peaksAsked.length]).toEqual(before);
    expect(models.requests.length).toBe(1);
    expect(rpcs.length).toBe(3_000);
  });

  it('is about the same workload whatever the order of the keys, and about another where one differs', () => {
    const { ask, workloads } = createWorld();
    workloads.open({ namespace: 'shop', name: 'app', scalerMetadata: metadata });
    const turned = countedMetadata(Object.fromEntries(Object.entries(metadata).reverse()));
    expect(ask('GetMetrics', turned.scalerMetadata)).toMatchObject({ metricValues: [{}] });
    expect(turned.looked).not.toContain('toJSON');
    for (const other of [
      { ...metadata, threshold: '20' },
      { ...metadata, unit: 'orders' },
      { query: metadata.query, threshold: '10' },
    ])
      expect(ask('GetMetrics', other)).toBe('not answered yet');
  });

  it('finds metadata that are too large to be kept by their digest', () => {
    const { ask, workloads, models } = createWorld();
    const { scalerMetadata, looked } = countedMetadata({ ...metadata, note: 'x'.repeat(5_000) });
    workloads.open({ namespace: 'shop', name: 'app', scalerMetadata });
    looked.length = 0;
    expect(ask('GetMetrics', scalerMetadata)).toMatchObject({ metricValues: [{ metricValueFloat: 42 }] });
    expect(looked).toContain('toJSON');
    expect(looked).not.toContain('timeoutFromEnv');
    expect(models.requests.length).toBe(1);
  });

  it('does not count as asking where it is for the target', () => {
    const { ask, workloads, pass } = createWorld();
    workloads.open({ namespace: 'shop', name: 'app', scalerMetadata: metadata });
    pass(100);
    ask('GetMetricSpec', metadata);
    expect(workloads.asked()[0]?.askedSecondsAgo).toBe(100);
    ask('IsActive', metadata);
    expect(workloads.asked()[0]?.askedSecondsAgo).toBe(0);
  });
});
