import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKedaClient, type KedaClient } from '../../../src/keda-sim/client.ts';
import { connectScaler, type ScalerConnection } from '../../../src/keda-sim/connection.ts';
import { type FakeScaler, startFakeScaler } from './fake-scaler.ts';

const metadata = { scalerAddress: 'scaler:6000', threshold: '10' };
const scaledObject = { namespace: 'shop', name: 'web', metadata };
const metricName = 's0-external-scaler-e2e-test';

let scaler: FakeScaler;
let connection: ScalerConnection;
let client: KedaClient;
let stopping: AbortController;

beforeEach(async () => {
  scaler = await startFakeScaler();
  connection = connectScaler({ address: scaler.address, scaledObject });
  client = createKedaClient(connection);
  stopping = new AbortController();
  scaler.answer.values = [{ metricName: 'external-scaler-e2e-test', metricValueFloat: 42.5 }];
  scaler.answer.active = true;
});

afterEach(() => {
  stopping.abort();
  connection.close();
  scaler.stop();
});

const rpcs = () => scaler.seen.map(({ rpc }) => rpc);
const poll = () => client.poll(stopping.signal);
const query = (name = metricName) => client.hpaQuery(name, stopping.signal);

describe("KEDA's calls over gRPC", () => {
  it('polls with GetMetricSpec, GetMetrics and IsActive, in this order and without a deadline', async () => {
    const result = await poll();
    expect(result).toMatchObject({ active: true, metrics: [{ name: metricName, target: 10 }], failures: [] });
    expect(result.totals.get(metricName)).toBe(42.5);
    expect(rpcs()).toEqual(['GetMetricSpec', 'GetMetrics', 'IsActive']);
    expect(scaler.seen.map(({ hasDeadline }) => hasDeadline)).toEqual([false, false, false]);
  });

  it('asks the same for the HPA, with the deadline of the API request', async () => {
    expect(await query()).toBe(42.5);
    expect(rpcs()).toEqual(['GetMetricSpec', 'GetMetrics', 'IsActive']);
    expect(scaler.seen.map(({ hasDeadline }) => hasDeadline)).toEqual([true, true, true]);
  });

  it('sends the ScaledObject and its metadata verbatim, and the metric name without the trigger index', async () => {
    await poll();
    for (const { ref } of scaler.seen) {
      expect(ref).toEqual({ namespace: 'shop', name: 'web', scalerMetadata: metadata });
    }
    expect(scaler.seen[1]?.metricName).toBe('external-scaler-e2e-test');
  });

  it('reads the float target before the integer', async () => {
    scaler.answer.specs = [{ metricName: 'demand', targetSize: 6, targetSizeFloat: 6.111 }];
    expect((await poll()).metrics).toEqual([{ name: 's0-demand', target: 6.111 }]);
  });

  it('does not look at the name in a reported value', async () => {
    scaler.answer.values = [{ metricName: 'something-else', metricValueFloat: 7 }];
    expect(await query()).toBe(7);
  });

  it('lets the HPA see the sum of two values', async () => {
    scaler.answer.values = [{ metricValueFloat: 25 }, { metricValue: 25 }];
    expect(await query()).toBe(50);
  });

  it('takes no value as an error for the HPA and as none for the poll', async () => {
    scaler.answer.values = [];
    await expect(query()).rejects.toThrow(`no matching metrics found for ${metricName}`);
    const result = await poll();
    expect(result).toMatchObject({ active: true, failures: [] });
    expect(result.totals.get(metricName)).toBeUndefined();
  });

  it('asks once more at once when GetMetrics fails', async () => {
    scaler.answer.failing = 'GetMetrics';
    const result = await poll();
    expect(rpcs()).toEqual(['GetMetricSpec', 'GetMetrics', 'GetMetrics']);
    expect(result.failures).toHaveLength(1);
    expect(result.failures[0]).toMatchObject({
      rpc: 'GetMetrics',
      code: 'UNAVAILABLE',
      message: 'GetMetrics is told to fail',
    });
  });

  it('throws a good value away when IsActive fails, and asks for both again', async () => {
    scaler.answer.failing = 'IsActive';
    const result = await poll();
    expect(rpcs()).toEqual(['GetMetricSpec', 'GetMetrics', 'IsActive', 'GetMetrics', 'IsActive']);
    expect(result.totals.size).toBe(0);
    await expect(query()).rejects.toMatchObject({ rpc: 'IsActive', code: 'UNAVAILABLE' });
  });

  it('asks twice for a metric specification that fails or is empty, and for nothing else then', async () => {
    scaler.answer.specs = [];
    expect((await poll()).failures).toHaveLength(1);
    scaler.answer.failing = 'GetMetricSpec';
    await expect(query()).rejects.toMatchObject({ rpc: 'GetMetricSpec', code: 'UNAVAILABLE' });
    expect(rpcs()).toEqual(['GetMetricSpec', 'GetMetricSpec', 'GetMetricSpec', 'GetMetricSpec']);
  });

  it('reads every metric a scaler names', async () => {
    scaler.answer.specs = [
      { metricName: 'demand', targetSize: 10 },
      { metricName: 'queue', targetSize: 5 },
    ];
    const result = await poll();
    expect([...result.totals.keys()]).toEqual(['s0-demand', 's0-queue']);
    expect(rpcs()).toEqual(['GetMetricSpec', 'GetMetrics', 'IsActive', 'GetMetrics', 'IsActive']);
  });

  it('refuses a metric the scaler does not name', async () => {
    await expect(query('s0-other')).rejects.toThrow('no matching metrics found for s0-other');
    expect(rpcs()).toEqual(['GetMetricSpec']);
  });

  it('answers the HPA from the poll with useCachedMetrics, failures included', async () => {
    client = createKedaClient(connection, { useCachedMetrics: true });
    await poll();
    scaler.answer.values = [{ metricValueFloat: 99 }];
    scaler.seen.length = 0;
    expect(await query()).toBe(42.5);
    expect(rpcs()).toEqual(['GetMetricSpec']);
    scaler.answer.failing = 'GetMetrics';
    await poll();
    await expect(query()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('asks the scaler with useCachedMetrics as long as nothing was polled', async () => {
    client = createKedaClient(connection, { useCachedMetrics: true });
    expect(await query()).toBe(42.5);
    expect(rpcs()).toEqual(['GetMetricSpec', 'GetMetrics', 'IsActive']);
  });

  it('counts the calls it makes', async () => {
    scaler.answer.failing = 'IsActive';
    await poll();
    expect(connection.calls).toEqual({ GetMetricSpec: 1, GetMetrics: 2, IsActive: 2, StreamIsActive: 0 });
  });

  it('is stopped in the middle of a call that never answers', async () => {
    scaler.answer.hanging = 'GetMetrics';
    const pending = poll();
    await expect.poll(rpcs).toContain('GetMetrics');
    stopping.abort();
    expect((await pending).failures[0]).toMatchObject({ code: 'CANCELLED' });
  });

  it('says UNAVAILABLE when nobody listens', async () => {
    scaler.stop();
    const result = await poll();
    expect(result).toMatchObject({ active: false, metrics: [] });
    expect(result.failures[0]).toMatchObject({ rpc: 'GetMetricSpec', code: 'UNAVAILABLE' });
  });
});
