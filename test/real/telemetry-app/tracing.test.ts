import { request } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTcp } from '../../edges/telemetry-app/fake-upstream.ts';
import { type AppProcess, startAppUntil } from './app-process.ts';
import { type CollectedSpan, type Collector, startCollector } from './otlp-collector.ts';

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

const start = (environment: Record<string, string>) => startAppUntil(opened, environment);

async function post(app: AppProcess, headers: Record<string, string> = {}): Promise<number> {
  const { statusCode, body } = await request(`${app.url}/process`, { method: 'POST', headers, body: '[]' });
  await body.dump();
  return statusCode;
}

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

/** Names from the root down, each with its service; fails where the spans are no single line of parents. */
function lineOf(spans: readonly CollectedSpan[], rootParent: string): string[] {
  const line: string[] = [];
  for (let parent = rootParent; ; ) {
    const children = spans.filter((span) => span.parentId === parent);
    const [child] = children;
    if (child === undefined) return line;
    expect(children).toHaveLength(1);
    line.push(`${child.resource['service.name']}: ${child.kind} ${child.name}`);
    parent = child.spanId;
  }
}

const wholeChain = [
  'a: server POST /process',
  'a: client POST',
  'b: server POST /process',
  'b: client POST',
  'c: server POST /process',
];

describe('three processes with a collector', () => {
  const toEnd: (() => unknown)[] = [];
  let collector: Collector;
  let a: AppProcess;
  let b: AppProcess;
  let c: AppProcess;
  /** Spans that earlier tests caused; each test waits for all of its own. */
  let earlier: number;
  const newSpans = () => collector.spans.slice(earlier);
  beforeAll(async () => {
    collector = await startCollector();
    toEnd.push(collector.stop);
    const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
    c = await startAppUntil(toEnd, { APP_NAME: 'c', ...traced });
    b = await startAppUntil(toEnd, { APP_NAME: 'b', APP_URL_DESTINO: c.url, ...traced });
    a = await startAppUntil(toEnd, { APP_NAME: 'a', APP_URL_DESTINO: b.url, ...traced });
  });
  afterAll(async () => {
    for (const end of toEnd.reverse()) await end();
  });
  beforeEach(() => {
    earlier = collector.spans.length;
  });

  it('send the spans of a request as one tree, and none of probes and scrapes', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics']) await (await request(a.url + path)).body.dump();
    expect(await post(a)).toBe(200);
    await expect.poll(() => newSpans().length).toBeGreaterThanOrEqual(5);
    const { posts } = collector;
    const spans = newSpans();
    expect(spans).toHaveLength(5);
    expect(new Set(spans.map((span) => span.traceId)).size).toBe(1);
    expect(lineOf(spans, '')).toEqual(wholeChain);
    expect(new Set(posts)).toEqual(new Set(['POST /v1/traces application/x-protobuf']));
    const client = spans.find((span) => span.kind === 'client' && span.resource['service.name'] === 'a');
    const server = spans.find(
      (span) => span.spanId === spans.find((one) => one.spanId === client?.parentId)?.spanId,
    );
    expect(client?.attributes).toMatchObject({
      'http.request.method': 'POST',
      'url.full': `${b.url}/process`,
      'server.port': Number(new URL(b.url).port),
      'http.response.status_code': 200,
    });
    expect(server?.attributes).toMatchObject({ 'http.route': '/process', 'http.response.status_code': 200 });
    expect(server?.resource).toMatchObject({ 'service.version': expect.stringMatching(/^\d/) });
    expect(server?.resource['service.instance.id']).toMatch(/:\d+$/);
    expect(client?.startMs).toBeGreaterThanOrEqual(server?.startMs ?? Number.NaN);
    expect(client?.endMs).toBeLessThanOrEqual((server?.endMs ?? Number.NaN) + 1);
    expect(spans.some((span) => span.isError)).toBe(false);
  });

  it('go on with the trace of the caller, and mark the hop that failed', async () => {
    const failing = JSON.stringify({ faults: { errors: { percent: 100 } }, durationSeconds: 600 });
    await request(`${c.url}/admin/faults`, { method: 'PUT', body: failing });
    expect(await post(a, { traceparent, tracestate: 'congo=t61rcWkgMzE' })).toBe(502);
    await request(`${c.url}/admin/faults`, { method: 'DELETE' });
    await expect.poll(() => newSpans().length).toBeGreaterThanOrEqual(5);
    const spans = newSpans();
    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
    expect(lineOf(spans, '00f067aa0ba902b7')).toEqual(wholeChain);
    expect(new Set(spans.map((span) => span.traceState))).toEqual(new Set(['congo=t61rcWkgMzE']));
    const errors = spans.map((span) => [
      span.resource['service.name'],
      span.kind,
      span.isError,
      span.attributes['error.type'],
    ]);
    expect(errors).toEqual(
      expect.arrayContaining([
        ['c', 'server', true, '500'],
        ['b', 'client', true, 'upstream-failed'],
        ['b', 'server', true, '502'],
        ['a', 'client', true, 'upstream-failed'],
        ['a', 'server', true, '502'],
      ]),
    );
  });

  it('record nothing of a trace its caller does not sample, and pass it on all the same', async () => {
    const unsampled = traceparent.replace(/01$/, '00');
    const { body } = await request(`${a.url}/calls`, { headers: { traceparent: unsampled } });
    expect(((await body.json()) as { traceId: string }).traceId).toBe(traceId);
    expect(await post(a)).toBe(200);
    await expect.poll(() => newSpans().length).toBeGreaterThanOrEqual(5);
    expect(newSpans().filter((span) => span.traceId === traceId)).toEqual([]);
  });

  it('send what is left before they end', async () => {
    const collector = await startCollector();
    opened.push(collector.stop);
    const app = await start({ APP_NAME: 'a', OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.endpoint}/` });
    expect(await post(app)).toBe(200);
    app.signal('SIGTERM');
    expect(await app.exited).toBe(0);
    expect(collector.spans.map((span) => span.name)).toEqual(['POST /process']);
  });
});

describe('a collector that fails', () => {
  const lostSpans = (app: AppProcess) => app.lines.filter(({ msg }) => msg === 'trace-export-failed').length;

  it('by being down costs a warning, once, and no request anything', async () => {
    const probe = await startTcp(() => {});
    await probe.stop();
    const app = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: new URL(probe.url).origin,
      OTEL_EXPORTER_OTLP_TIMEOUT: '300',
    });
    for (let i = 0; i < 600; i++) expect(await post(app)).toBe(200);
    await expect.poll(() => lostSpans(app)).toBeGreaterThan(0);
    for (let i = 0; i < 600; i++) expect(await post(app)).toBe(200);
    app.signal('SIGTERM');
    expect(await app.exited).toBe(0);
    expect(lostSpans(app)).toBe(1);
  });

  it('by never answering neither holds up requests nor the end', async () => {
    const upstream = await startTcp(() => {});
    opened.push(upstream.stop);
    const app = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: new URL(upstream.url).origin });
    for (let i = 0; i < 50; i++) expect(await post(app)).toBe(200);
    app.signal('SIGTERM');
    expect(await app.exited).toBe(0);
    // Given up by itself, long before the exporter would have been.
    expect(app.lines).toContainEqual(
      expect.objectContaining({
        msg: 'trace-flush-failed',
        error: expect.stringContaining('longer than 2000 ms'),
      }),
    );
  });
});

describe('the SDK', () => {
  /** Packages of it, besides the API, which prom-client loads by itself. */
  async function packagesLoaded(environment: Record<string, string>): Promise<string[]> {
    const preload = new URL('report-packages.ts', import.meta.url);
    const app = await start({ NODE_OPTIONS: `--import=${preload}`, ...environment });
    expect(await post(app)).toBe(200);
    // Only then everything it said has arrived here.
    app.signal('SIGTERM');
    expect(await app.exited).toBe(0);
    const lines = app.lines.map(({ msg }) => msg);
    expect(lines.filter((line) => line.includes('/node_modules/prom-client/')).length).toBeGreaterThan(10);
    return lines.flatMap((line) => /@opentelemetry\/(?!api)[\w-]+/.exec(line) ?? []);
  }

  it('is loaded where there is a collector, and only there', async () => {
    expect(await packagesLoaded({})).toEqual([]);
    expect(await packagesLoaded({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })).toContain(
      '@opentelemetry/core',
    );
  });
});
