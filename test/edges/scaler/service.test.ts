import { fileURLToPath } from 'node:url';
import {
  type ClientReadableStream,
  credentials,
  loadPackageDefinition,
  makeGenericClientConstructor,
  type ServiceDefinition,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { service as healthService } from 'grpc-health-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/platform/log.ts';
import { ExternalScaler, type ExternalScalerClient } from '../../../src/platform/protocol/external-scaler.ts';
import { createScalerService, createWorkloads, startGrpcServer } from '../../../src/scaler/index.ts';
import type { GrpcServer } from '../../../src/scaler/server.ts';
import { createFakeModels, type FakeModels } from './fake-models.ts';

const metadata = { query: 'sum(rate(app_requests_total[1m]))', threshold: '10', hpaTolerance: '0' };
const lags = {
  scrapeIntervalSeconds: 15,
  refreshIntervalSeconds: 10,
  kedaPollingSeconds: 30,
  hpaSyncSeconds: 15,
};

let now: number;
let models: FakeModels;
let server: GrpcServer;
let client: ExternalScalerClient;
let forcedReactive: boolean;
const rpcs: string[] = [];

beforeEach(async () => {
  now = 1_000_000;
  forcedReactive = false;
  rpcs.length = 0;
  models = createFakeModels();
  const workloads = createWorkloads({
    models,
    defaults: { lags, leadTimeSeconds: 120, freshSeconds: 15, blindSeconds: 1800 },
    maxWorkloads: 3,
    maxPerNamespace: 10,
    forgetAfterSeconds: 86_400,
    clock: () => now,
    monotonic: () => now,
    log: silentLogger,
    isForcedReactive: () => forcedReactive,
  });
  const service = createScalerService({
    workloads,
    log: silentLogger,
    onRpc: (method, code) => rpcs.push(`${method} ${code}`),
    monotonic: () => performance.now() / 1000,
  });
  server = await startGrpcServer('127.0.0.1:0', service, { maxPushed: 10 });
  client = new ExternalScaler(`127.0.0.1:${server.port}`, credentials.createInsecure());
});

afterEach(async () => {
  client.close();
  await server.close();
});

const ref = (scalerMetadata: Record<string, string> = metadata, name = 'app') => ({
  name,
  namespace: 'shop',
  scalerMetadata,
});

function call<T>(run: (callback: (error: ServiceError | null, response?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    run((error, response) => (error === null ? resolve(response as T) : reject(error))),
  );
}
const getMetrics = (r = ref(), metricName = 'forescale-demand') =>
  call((done) => client.GetMetrics({ scaledObjectRef: r, metricName }, done));
const isActive = (r = ref()) => call((done) => client.IsActive(r, done));
const getMetricSpec = (r = ref()) => call((done) => client.GetMetricSpec(r, done));

function forecastPeak(bound: number, median = bound) {
  models.peak = {
    status: 'ok',
    origin: now,
    windowSeconds: 220,
    bounds: [median, bound],
    quantiles: {},
    credibleMaximum: 1000,
  };
  models.update();
}

describe('the external scaler', () => {
  it('answers GetMetricSpec from metadata alone, in float and in integer', async () => {
    expect(await getMetricSpec(ref({ ...metadata, threshold: '2.5' }))).toEqual({
      metricSpecs: [{ metricName: 'forescale-demand', targetSize: 3, targetSizeFloat: 2.5 }],
    });
    expect(models.requests).toEqual([]);
  });

  it('serves one finite value: the bound of the coming peak', async () => {
    models.observed = { value: 30, atSeconds: now };
    forecastPeak(82.5);
    expect(await getMetrics()).toEqual({
      metricValues: [{ metricName: 'forescale-demand', metricValue: 83, metricValueFloat: 82.5 }],
    });
    expect(await isActive()).toEqual({ result: true });
  });

  it('serves zero as zero, in both fields, and not as nothing', async () => {
    models.observed = { value: 0, atSeconds: now };
    expect(await getMetrics()).toEqual({
      metricValues: [{ metricName: 'forescale-demand', metricValue: 0, metricValueFloat: 0 }],
    });
    expect(await isActive()).toEqual({ result: false });
  });

  it('gives an old KEDA, which reads integers only, the same replicas for a threshold below one', async () => {
    models.observed = { value: 3.2, atSeconds: now };
    const { metricValues } = (await getMetrics(ref({ ...metadata, threshold: '0.5' }))) as {
      metricValues: { metricValue: number }[];
    };
    expect(metricValues[0]?.metricValue).toBe(Math.ceil(3.2 / 0.5));
  });

  it('answers under the name it was asked for', async () => {
    models.observed = { value: 1, atSeconds: now };
    expect(await getMetrics(ref(), 'something-else')).toMatchObject({
      metricValues: [{ metricName: 'something-else' }],
    });
  });

  it('opens one model for a workload however often it is asked', async () => {
    models.observed = { value: 1, atSeconds: now };
    await Promise.all([getMetrics(), isActive(), getMetrics(), isActive()]);
    expect(models.requests).toHaveLength(1);
  });

  it('makes a model of its own only for a horizon beyond the shortest season', async () => {
    models.observed = { value: 1, atSeconds: now };
    await getMetrics(ref({ ...metadata, predictHorizon: '4h' }));
    await getMetrics(ref({ ...metadata, predictHorizon: '7d' }));
    expect(models.requests.map(({ model }) => model.maxHorizonSeconds)).toEqual([undefined, 604_800]);
  });

  it('makes a model of its own for the clocks of another place', async () => {
    models.observed = { value: 1, atSeconds: now };
    await getMetrics();
    await getMetrics(ref({ ...metadata, timeZone: 'Europe/Berlin' }));
    expect(models.requests.map(({ model }) => model.timeZone)).toEqual([undefined, 'Europe/Berlin']);
  });

  it('takes metadata for the same in whatever order a Go map gives it', async () => {
    models.observed = { value: 1, atSeconds: now };
    await getMetrics();
    await getMetrics(ref(Object.fromEntries(Object.entries(metadata).reverse())));
    expect(models.requests).toHaveLength(1);
  });

  it('refuses bad metadata with every fault, on every call, and goes on serving the others', async () => {
    models.observed = { value: 7, atSeconds: now };
    const bad = ref({ thresold: '10' }, 'bad');
    for (const ask of [getMetrics, isActive, getMetricSpec]) {
      await expect(ask(bad)).rejects.toMatchObject({
        code: status.INVALID_ARGUMENT,
        details: expect.stringMatching(/query is required.*did you mean "threshold"/s),
      });
    }
    expect(await getMetrics()).toMatchObject({ metricValues: [{ metricValueFloat: 7 }] });
  });

  it('answers UNAVAILABLE with the reason when nothing was ever observed', async () => {
    models.error = {
      code: 'source-unreachable',
      message: 'http://prometheus:9090 cannot be reached',
      atSeconds: now,
    };
    await expect(getMetrics()).rejects.toMatchObject({
      code: status.UNAVAILABLE,
      details: expect.stringContaining('http://prometheus:9090 cannot be reached'),
    });
    await expect(isActive()).rejects.toMatchObject({ code: status.UNAVAILABLE });
    expect(rpcs).toContain('GetMetrics UNAVAILABLE');
  });

  it('cuts an error short that no header could carry', async () => {
    models.error = { code: 'source-rejected', message: 'why '.repeat(50_000), atSeconds: now };
    await expect(getMetrics()).rejects.toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: expect.stringMatching(/^source-rejected: .{1900}/),
    });
  });

  it('waits for the first observation of a new workload', async () => {
    models.firstObserved = Promise.resolve().then(() => {
      models.observed = { value: 12, atSeconds: now };
    });
    expect(await getMetrics()).toMatchObject({ metricValues: [{ metricValueFloat: 12 }] });
  });

  it('does not wait for an observation where it can decide without', async () => {
    models.firstObserved = new Promise(() => undefined);
    models.observed = { value: 12, atSeconds: now };
    // This is half of the longest wait for the first answer about a workload.
    const deadline = Date.now() + 1_000;
    const r = { scaledObjectRef: ref(), metricName: '' };
    expect(await call((done) => client.GetMetrics(r, { deadline }, done))).toMatchObject({
      metricValues: [{ metricValueFloat: 12 }],
    });
  });

  it('answers an error of its own accord when the first observation never comes', async () => {
    models.firstObserved = new Promise(() => undefined);
    await expect(Promise.all([getMetrics(), isActive()])).rejects.toMatchObject({ code: status.UNAVAILABLE });
  });

  it('holds the last good value while the source is down, then errs, and is never inactive by fault', async () => {
    models.observed = { value: 40, atSeconds: now };
    forecastPeak(60);
    expect(await getMetrics()).toMatchObject({ metricValues: [{ metricValueFloat: 60 }] });
    now += 600;
    forecastPeak(20);
    expect(await getMetrics()).toMatchObject({ metricValues: [{ metricValueFloat: 60 }] });
    expect(await isActive()).toEqual({ result: true });
    now += 1300;
    await expect(getMetrics()).rejects.toMatchObject({
      code: status.UNAVAILABLE,
      details: expect.stringMatching(/^stale: /),
    });
    await expect(isActive()).rejects.toMatchObject({ code: status.UNAVAILABLE });
  });

  it('holds the last good value, not one that was a forecast while blind', async () => {
    models.observed = { value: 40, atSeconds: now };
    forecastPeak(60);
    await getMetrics();
    now += 60;
    forecastPeak(90);
    expect(await getMetrics()).toMatchObject({ metricValues: [{ metricValueFloat: 90 }] });
    forecastPeak(20);
    expect(await getMetrics()).toMatchObject({ metricValues: [{ metricValueFloat: 60 }] });
  });

  it('looks over the decision window from now on, however old the newest row is', async () => {
    models.observed = { value: 40, atSeconds: now };
    models.newestSeconds = now;
    await getMetrics();
    models.newestSeconds = now - 90;
    models.update();
    // The window is the lead time, half of the rate window, and the four intervals on the way.
    const windowSeconds = 120 + 30 + 15 + 10 + 30 + 15;
    expect(models.peaksAsked).toEqual([
      { leadSeconds: 0, windowSeconds },
      { leadSeconds: 90, windowSeconds },
    ]);
  });

  it('takes a bound that is no finite number for none', async () => {
    models.observed = { value: 40, atSeconds: now };
    for (const bound of [Number.NaN, Number.POSITIVE_INFINITY]) {
      forecastPeak(bound);
      expect(await getMetrics()).toMatchObject({ metricValues: [{ metricValueFloat: 40 }] });
    }
  });

  it('errs rather than say "inactive" of a sleeping workload it cannot see', async () => {
    models.observed = { value: 0, atSeconds: now };
    expect(await isActive()).toEqual({ result: false });
    now += 60;
    await expect(isActive()).rejects.toMatchObject({ code: status.UNAVAILABLE });
  });

  it('turns reactive at once when the kill switch is thrown', async () => {
    models.observed = { value: 30, atSeconds: now };
    forecastPeak(82);
    forcedReactive = true;
    expect(await getMetrics()).toMatchObject({ metricValues: [{ metricValueFloat: 30 }] });
  });

  it('refuses one workload more than its limit, by name of the setting', async () => {
    models.observed = { value: 1, atSeconds: now };
    for (const name of ['a', 'b', 'c']) await getMetrics(ref(metadata, name));
    await expect(getMetrics(ref(metadata, 'd'))).rejects.toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: expect.stringContaining('limits.workloads'),
    });
  });

  it('tells two triggers of one ScaledObject apart by their metadata', async () => {
    models.observed = { value: 1, atSeconds: now };
    await getMetrics();
    await getMetrics(ref({ ...metadata, query: 'sum(rate(other_total[1m]))' }));
    expect(models.requests.map((request) => request.query)).toEqual([
      metadata.query,
      'sum(rate(other_total[1m]))',
    ]);
  });
});

describe('StreamIsActive', () => {
  function open(): { stream: ClientReadableStream<{ result: boolean }>; next: () => Promise<boolean> } {
    const stream = client.StreamIsActive(ref());
    const queue: boolean[] = [];
    const waiting: ((value: boolean) => void)[] = [];
    stream.on('data', ({ result }: { result: boolean }) => {
      const waiter = waiting.shift();
      if (waiter === undefined) queue.push(result);
      else waiter(result);
    });
    stream.on('error', () => undefined);
    const next = () => {
      const value = queue.shift();
      return value === undefined
        ? new Promise<boolean>((resolve) => waiting.push(resolve))
        : Promise.resolve(value);
    };
    return { stream, next };
  }

  it('says the present state at once and `true` when demand comes', async () => {
    models.observed = { value: 0, atSeconds: now };
    const { stream, next } = open();
    expect(await next()).toBe(false);
    models.observed = { value: 50, atSeconds: now };
    models.update();
    expect(await next()).toBe(true);
    stream.cancel();
  });

  it('wakes a workload on the forecast, before any demand is there', async () => {
    models.observed = { value: 0, atSeconds: now };
    const { stream, next } = open();
    expect(await next()).toBe(false);
    forecastPeak(40);
    models.update();
    expect(await next()).toBe(true);
    stream.cancel();
  });

  it('does not say `false` of a workload it cannot see', async () => {
    const said: boolean[] = [];
    models.observed = { value: 0, atSeconds: now };
    const { stream, next } = open();
    stream.on('data', ({ result }: { result: boolean }) => said.push(result));
    const ended = new Promise((resolve) => stream.on('end', resolve));
    expect(await next()).toBe(false);
    now += 60;
    forecastPeak(40);
    models.update();
    forecastPeak(0);
    models.update();
    await server.close();
    await ended;
    expect(said).toEqual([false, true]);
  });

  it('ends cleanly when the server stops', async () => {
    models.observed = { value: 5, atSeconds: now };
    const { stream, next } = open();
    expect(await next()).toBe(true);
    const ended = new Promise((resolve) => stream.on('end', () => resolve('end')));
    await server.close();
    expect(await ended).toBe('end');
  });

  it('answers UNIMPLEMENTED to StreamMetricSpec, which KEDA takes as "does not change"', async () => {
    const stream = client.StreamMetricSpec(ref());
    const error = await new Promise<ServiceError>((resolve) =>
      stream.on('error', (e) => resolve(e as ServiceError)),
    );
    expect(error.code).toBe(status.UNIMPLEMENTED);
  });
});

describe('the gRPC server', () => {
  const Health = makeGenericClientConstructor(healthService, 'Health');
  const check = (name: string) => {
    const health = new Health(`127.0.0.1:${server.port}`, credentials.createInsecure());
    return call<{ status: string }>((done) => health['check']?.({ service: name }, done)).finally(() =>
      health.close(),
    );
  };

  it('reports its health by grpc.health.v1', async () => {
    expect(await check('externalscaler.ExternalScaler')).toEqual({ status: 'NOT_SERVING' });
    server.setServing(true);
    expect(await check('')).toEqual({ status: 'SERVING' });
  });

  it('can be explored by reflection: the scaler with its map entry named as Go clients demand, and grpc.health.v1', async () => {
    const proto = fileURLToPath(
      new URL('../proto/grpc/reflection/v1/reflection.proto', import.meta.resolve('@grpc/reflection')),
    );
    const loaded = loadPackageDefinition(loadSync(proto, { keepCase: true }));
    const Reflection = makeGenericClientConstructor(
      (
        loaded as unknown as {
          grpc: { reflection: { v1: { ServerReflection: { service: ServiceDefinition } } } };
        }
      ).grpc.reflection.v1.ServerReflection.service,
      'ServerReflection',
    );
    const reflection = new Reflection(`127.0.0.1:${server.port}`, credentials.createInsecure());
    const ask = (question: object) =>
      new Promise<Record<string, unknown>>((resolve, reject) => {
        const stream = reflection['ServerReflectionInfo']?.();
        stream.on('data', resolve);
        stream.on('error', reject);
        stream.write(question);
        stream.end();
      });
    const { list_services_response: list } = await ask({ list_services: '' });
    const { file_descriptor_response: file } = await ask({
      file_containing_symbol: 'externalscaler.ExternalScaler',
    });
    reflection.close();
    expect(JSON.stringify(list)).toContain('externalscaler.ExternalScaler');
    expect(JSON.stringify(list)).toContain('grpc.health.v1.Health');
    const [encoded] = (file as { file_descriptor_proto: Buffer[] }).file_descriptor_proto;
    expect(encoded?.includes('ScalerMetadataEntry')).toBe(true);
  });

  it('says which flag to change when the port is taken', async () => {
    const service = { handlers: {} as never, openStreams: () => 0, endStreams: () => undefined };
    await expect(startGrpcServer(`127.0.0.1:${server.port}`, service, { maxPushed: 10 })).rejects.toThrow(
      /--grpc-address/,
    );
  });
});
