import {
  type ChannelOptions,
  type ClientReadableStream,
  credentials,
  type GrpcObject,
  loadPackageDefinition,
  type ServiceClientConstructor,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ExternalScaler,
  type ExternalScalerClient,
  type ScaledObjectRef,
} from '../../../src/platform/protocol/external-scaler.ts';
import type { RunningServer } from '../../../src/server/start.ts';
import { startTestServer } from '../../real/integration/running.ts';
import { eventually } from '../../support/eventually.ts';
import { type FakeApi, json, startFakeApi } from '../history/prometheus/fake-api.ts';

/** Longest time for an RPC: the server's own deadline, and some time for a busy machine. */
const boundedMs = 5_000;

let api: FakeApi;
/** Demand by query, and queries that the source does not answer as it should. */
const demand = new Map<string, number>();
const faults = new Map<string, 'hang' | 'down'>();
const servers: RunningServer[] = [];
const clients: ExternalScalerClient[] = [];
let client: ExternalScalerClient;

beforeAll(async () => {
  api = await startFakeApi(({ url, form }, response) => {
    const query = form.get('query') ?? '';
    const fault = faults.get(query);
    if (fault === 'hang') return;
    if (fault === 'down') return json(response, { status: 'error', error: 'overloaded' }, 503);
    const at = Number(form.get('time'));
    const data = url.endsWith('/query_range')
      ? { resultType: 'matrix', result: [] }
      : { resultType: 'vector', result: [{ metric: {}, value: [at, String(demand.get(query) ?? 42.5)] }] };
    json(response, { status: 'success', data });
  });
  client = connect(await start());
});
afterAll(async () => {
  for (const one of clients) one.close();
  for (const one of servers) await one.close();
  await api?.close();
});

/** A server in which minutes of blindness pass in seconds. */
async function start(): Promise<RunningServer> {
  const timing = 'timing: { refreshInterval: 200ms, freshAge: 500ms, blindAge: 4s }';
  const server = await startTestServer(api.url, timing);
  servers.push(server);
  return server;
}

function connect({ grpcPort }: RunningServer): ExternalScalerClient {
  const made = new ExternalScaler(`127.0.0.1:${grpcPort}`, credentials.createInsecure());
  clients.push(made);
  return made;
}

function ref(name: string, more: Record<string, string> = {}): ScaledObjectRef {
  return {
    namespace: 'shop',
    name,
    scalerMetadata: { query: name, threshold: '10', hpaTolerance: '0', ...more },
  };
}

type Done<T> = (error: ServiceError | null, answer?: T) => void;
function call<T>(run: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    run((error, answer) => (error === null && answer !== undefined ? resolve(answer) : reject(error)));
  });
}

const specs = (of: ScaledObjectRef, by = client) => call<object>((done) => by.GetMetricSpec(of, done));
const values = async (of: ScaledObjectRef, metricName = 'forescale-demand', by = client) =>
  (
    await call<{ metricValues: { metricName: string; metricValue: unknown; metricValueFloat: number }[] }>(
      (done) => by.GetMetrics({ scaledObjectRef: of, metricName }, done as never),
    )
  ).metricValues;
const isActive = async (of: ScaledObjectRef, by = client) =>
  (await call<{ result: boolean }>((done) => by.IsActive(of, done))).result;

/** The states that a stream has said so far, and the status with which it ended. */
function watch(stream: ClientReadableStream<{ result: boolean }>) {
  const said: boolean[] = [];
  stream.on('data', ({ result }: { result: boolean }) => void said.push(result));
  const ended = new Promise<string>((resolve) => {
    stream.on('error', ({ code }: ServiceError) => resolve(status[code] ?? String(code)));
    stream.on('end', () => resolve('OK'));
  });
  return { said, ended };
}

describe("KEDA's contract", () => {
  it('1: GetMetricSpec answers from the metadata alone while the source is down, the same every time', async () => {
    faults.set('spec', 'hang');
    const of = ref('spec', { threshold: '2.5' });
    const before = api.requests.length;
    const answers = await Promise.all(Array.from({ length: 20 }, () => specs(of)));
    const spec = { metricName: 'forescale-demand', targetSize: 3, targetSizeFloat: 2.5 };
    for (const answer of answers) expect(answer).toEqual({ metricSpecs: [spec] });
    expect(api.requests.slice(before).filter(({ form }) => form.get('query') === 'spec')).toEqual([]);
  });

  it('2: the metric has a lower-case name that is accepted without the prefix of KEDA', async () => {
    const answer = (await specs(ref('named'))) as { metricSpecs: { metricName: string }[] };
    const name = answer.metricSpecs[0]?.metricName ?? '';
    expect(name).toMatch(/^[a-z0-9-]+$/);
    expect(await values(ref('named'), name)).toMatchObject([{ metricName: name }]);
  });

  it('3: GetMetrics gives one finite value, as a float and as an integer', async () => {
    expect(await values(ref('one'))).toEqual([
      { metricName: 'forescale-demand', metricValue: 43, metricValueFloat: 42.5 },
    ]);
  });

  it('4: value and activity belong together, on every replica', async () => {
    const other = connect(await start());
    for (const [name, value] of [
      ['busy', 42],
      ['asleep', 0],
    ] as const) {
      demand.set(name, value);
      for (const by of [client, other]) {
        expect(await values(ref(name), undefined, by)).toMatchObject([{ metricValueFloat: value }]);
        expect(await isActive(ref(name), by)).toBe(value > 0);
      }
    }
  });

  it('5: every RPC ends by itself while the source hangs', async () => {
    faults.set('hanging', 'hang');
    const startedMs = performance.now();
    const asked = await Promise.allSettled([
      values(ref('hanging')),
      isActive(ref('hanging')),
      specs(ref('hanging')),
    ]);
    expect(performance.now() - startedMs).toBeLessThan(boundedMs);
    expect(asked.map(({ status: outcome }) => outcome)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  it('6: bad metadata is INVALID_ARGUMENT from all three, and the text names the key', async () => {
    const bad = { ...ref('bad'), scalerMetadata: { query: 'bad', threshold: 'ten' } };
    for (const ask of [values, isActive, specs]) {
      await expect(ask(bad)).rejects.toMatchObject({
        code: status.INVALID_ARGUMENT,
        details: expect.stringContaining('threshold: "ten"'),
      });
    }
  });

  it('7: with the source down the last good value is held, then there is an error, never nothing', async () => {
    demand.set('lost', 40);
    expect(await values(ref('lost'))).toMatchObject([{ metricValueFloat: 40 }]);
    faults.set('lost', 'down');
    const held: unknown[] = [];
    const error = await eventually(
      async () => {
        const [value, active] = await Promise.allSettled([values(ref('lost')), isActive(ref('lost'))]);
        if (active.status === 'fulfilled') expect(active.value).toBe(true);
        if (value.status === 'rejected') return value.reason as ServiceError;
        held.push(value.value.map(({ metricValueFloat }) => metricValueFloat));
        return undefined;
      },
      (seen) => seen !== undefined,
    );
    expect(new Set(held.map((one) => JSON.stringify(one)))).toEqual(new Set(['[40]']));
    expect(error).toMatchObject({ code: status.UNAVAILABLE, details: expect.stringMatching(/^stale: /) });
    faults.set('never seen', 'down');
    await expect(values(ref('never', { query: 'never seen' }))).rejects.toMatchObject({
      code: status.UNAVAILABLE,
    });
  });

  it('8: zero is answered as 0 in both fields', async () => {
    demand.set('zero', 0);
    expect(await values(ref('zero'))).toEqual([
      { metricName: 'forescale-demand', metricValue: 0, metricValueFloat: 0 },
    ]);
  });

  it('9: unknown keys are ignored, and a key from the environment counts as the key', async () => {
    const plain = await specs(ref('keys'));
    expect(await specs(ref('keys', { keyOfAnotherScaler: 'x', scalerAddress: 'forescale:6000' }))).toEqual(
      plain,
    );
    const fromEnv = {
      ...ref('keys'),
      scalerMetadata: { query: 'keys', thresholdFromEnv: '10', hpaTolerance: '0' },
    };
    expect(await specs(fromEnv)).toEqual(plain);
    expect(await values(fromEnv)).toMatchObject([{ metricValueFloat: 42.5 }]);
  });

  it('10: StreamIsActive says the state at once, true when demand comes, and ends cleanly', async () => {
    demand.set('pushed', 0);
    const server = await start();
    const by = connect(server);
    const [cancelled, served] = [by.StreamIsActive(ref('pushed')), by.StreamIsActive(ref('pushed'))];
    const [first, second] = [watch(cancelled), watch(served)];
    await expect.poll(() => [first.said, second.said]).toEqual([[false], [false]]);
    demand.set('pushed', 50);
    await expect
      .poll(() => [first.said, second.said])
      .toEqual([
        [false, true],
        [false, true],
      ]);
    cancelled.cancel();
    expect(await first.ended).toBe('CANCELLED');
    await server.close();
    expect(await second.ended).toBe('OK');
  });

  it('11: StreamMetricSpec is UNIMPLEMENTED, which KEDA takes for "does not change"', async () => {
    const { ended } = watch(client.StreamMetricSpec(ref('spec')) as never);
    expect(await ended).toBe('UNIMPLEMENTED');
  });

  it('12: round_robin over two replicas is answered alike by both (TLS and mutual TLS: tls.test.ts)', async () => {
    const other = await start();
    const target = `ipv4:127.0.0.1:${servers[0]?.grpcPort},127.0.0.1:${other.grpcPort}`;
    const options: ChannelOptions = {
      'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
    };
    const by = new ExternalScaler(target, credentials.createInsecure(), options);
    clients.push(by);
    const answered = async () => {
      await values(ref('spread'), undefined, by);
      const counts = [servers[0], other].map(async (server) => {
        const metrics = await (await fetch(`${server?.httpUrl}/metrics`)).text();
        return metrics.includes('name="spread"');
      });
      return (await Promise.all(counts)).every(Boolean);
    };
    expect(await eventually(answered, (isBoth) => isBoth)).toBe(true);
    for (let i = 0; i < 10; i++) {
      expect(await values(ref('spread'), undefined, by)).toMatchObject([{ metricValueFloat: 42.5 }]);
    }
  });

  it('13: a KEDA up to 2.16, which knows the integers alone, gets sane ones', async () => {
    const by = new OldScaler(`127.0.0.1:${servers[0]?.grpcPort}`, credentials.createInsecure());
    const ask = (method: string, request: object) => call<object>((done) => by[method]?.(request, done));
    const of = ref('old', { threshold: '0.5' });
    expect(await ask('GetMetricSpec', of)).toEqual({
      metricSpecs: [{ metricName: 'forescale-demand', targetSize: 1 }],
    });
    // 42.5 of 0.5 are 85 replicas, by the integers too.
    expect(await ask('GetMetrics', { scaledObjectRef: of, metricName: 'x' })).toEqual({
      metricValues: [{ metricName: 'x', metricValue: 85 }],
    });
    by.close();
  });

  it('14: a storm of calls for one workload reads its history once and asks for its demand no oftener', async () => {
    const of = ref('stormy');
    const startedMs = performance.now();
    await Promise.all(Array.from({ length: 200 }, () => Promise.all([values(of), isActive(of), specs(of)])));
    const askedNow = () => api.requests.filter(({ form }) => form.get('query') === 'stormy');
    const rangesOf = (asked: ReturnType<typeof askedNow>) =>
      asked.filter(({ url }) => url.endsWith('/query_range'));
    // The history waits while callers are answered.
    await expect.poll(() => rangesOf(askedNow()).length).toBeGreaterThan(0);
    const intervals = 1 + Math.ceil((performance.now() - startedMs) / 200);
    const asked = askedNow();
    const ranges = rangesOf(asked);
    // A history of four weeks is read in parts; each is asked for once, however far the reading is.
    const parts = ranges.map(({ form }) => `${form.get('start')} to ${form.get('end')}`);
    expect(parts).toEqual([...new Set(parts)]);
    expect(asked.length - ranges.length).toBeLessThanOrEqual(1 + intervals);
  });
});

/** The contract up to KEDA 2.16 (proto blob 1df4495): no field holds a float. */
const text = (id: number) => ({ type: 'string', id });
/** A map, for which the types of the loader have no words. */
const scalerMetadata = { scalerMetadata: { keyType: 'string', type: 'string', id: 3 } };
const old = fromJSON(
  {
    nested: {
      externalscaler: {
        nested: {
          ExternalScaler: {
            methods: {
              GetMetricSpec: {
                requestType: 'ScaledObjectRef',
                responseType: 'GetMetricSpecResponse',
                comment: '',
              },
              GetMetrics: {
                requestType: 'GetMetricsRequest',
                responseType: 'GetMetricsResponse',
                comment: '',
              },
            },
          },
          ScaledObjectRef: {
            fields: {
              name: text(1),
              namespace: text(2),
              ...scalerMetadata,
            },
          },
          GetMetricSpecResponse: { fields: { metricSpecs: { rule: 'repeated', type: 'MetricSpec', id: 1 } } },
          MetricSpec: { fields: { metricName: text(1), targetSize: { type: 'int64', id: 2 } } },
          GetMetricsRequest: {
            fields: { scaledObjectRef: { type: 'ScaledObjectRef', id: 1 }, metricName: text(2) },
          },
          GetMetricsResponse: { fields: { metricValues: { rule: 'repeated', type: 'MetricValue', id: 1 } } },
          MetricValue: { fields: { metricName: text(1), metricValue: { type: 'int64', id: 2 } } },
        },
      },
    },
  },
  { longs: Number, defaults: true },
);
const OldScaler = (loadPackageDefinition(old)['externalscaler'] as GrpcObject)[
  'ExternalScaler'
] as ServiceClientConstructor;
