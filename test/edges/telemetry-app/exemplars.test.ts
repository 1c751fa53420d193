import { describe, expect, it } from 'vitest';
import { addProcessMetrics, Registry } from '../../../src/telemetry-app/metrics/metrics.ts';
import { prefersOpenMetrics } from '../../../src/telemetry-app/metrics/open-metrics.ts';
import { buildApp, postChain } from './app-in-process.ts';

/** `Accept` headers that Prometheus 2.42 and 3.x send. */
const acceptOf = {
  'Prometheus 2':
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
  'Prometheus 3':
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
};
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

function scrapeAs(app: ReturnType<typeof buildApp>, accept: string) {
  return app.server.inject({ url: '/metrics', headers: { accept } });
}

describe('the format of a scrape', () => {
  it.each(Object.entries(acceptOf))('is OpenMetrics for %s', (_, accept) => {
    expect(prefersOpenMetrics(accept)).toBe(true);
  });

  it.each([
    undefined,
    '*/*',
    'text/html,*/*;q=0.8',
    'text/plain',
    'application/openmetrics-text;q=0',
    'application/openmetrics-text;q=0.2,text/plain;q=0.8',
    'application/openmetrics-text;q=nonsense',
  ])('is text for %s', (accept) => {
    expect(prefersOpenMetrics(accept)).toBe(false);
  });

  it('changes nothing in the other one: text keeps its names after OpenMetrics took them', async () => {
    const registry = new Registry();
    const app = buildApp({ registry });
    addProcessMetrics(registry);
    await postChain(app, []);
    const names = (body: string) => [...body.matchAll(/^([a-z_]+)[{ ]/gm)].map(([, name]) => name);
    const before = (await scrapeAs(app, 'text/plain')).body;
    const open = await scrapeAs(app, acceptOf['Prometheus 2']);
    const again = await scrapeAs(app, acceptOf['Prometheus 2']);
    const after = await scrapeAs(app, 'text/plain');
    expect(open.headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(after.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(new Set(names(after.body))).toEqual(new Set(names(before)));
    expect(new Set(names(open.body))).toEqual(new Set(names(before)));
    expect(new Set(names(again.body))).toEqual(new Set(names(before)));
    expect(names(after.body)).toContain('app_requests_total');
    expect(open.body).toContain('# TYPE app_requests counter\n');
    expect(open.body.endsWith('\n# EOF\n')).toBe(true);
    expect(open.body).not.toContain('\n\n');
  });

  it('does not mix where both are asked for at once', async () => {
    const app = buildApp();
    await postChain(app, []);
    const accepts = Array.from({ length: 40 }, (_, i) =>
      i % 2 === 0 ? 'text/plain' : acceptOf['Prometheus 3'],
    );
    const bodies = await Promise.all(accepts.map(async (accept) => (await scrapeAs(app, accept)).body));
    for (const [i, body] of bodies.entries()) {
      expect(body).toContain(
        i % 2 === 0 ? '# TYPE app_requests_total counter' : '# TYPE app_requests counter',
      );
      expect(body.includes('# EOF')).toBe(i % 2 === 1);
    }
  });
});

describe('an exemplar', () => {
  const exemplars = async (app: ReturnType<typeof buildApp>) =>
    (await scrapeAs(app, acceptOf['Prometheus 2'])).body.split('\n').filter((line) => line.includes(' # {'));

  it('names the trace of a request that is recorded somewhere, beside the bucket that counted it', async () => {
    const app = buildApp();
    await postChain(app, [], { traceparent: `00-${traceId}-${spanId}-01` });
    const [line, ...more] = await exemplars(app);
    expect(more).toEqual([]);
    const match =
      /^http_request_duration_seconds_bucket\{le="[\d.]+",method="POST",route="\/process",status="200"\} 1 # \{trace_id="(\w+)",span_id="(\w+)"\} ([\d.e-]+) ([\d.]+)$/.exec(
        line ?? '',
      );
    expect(match?.slice(1, 3)).toEqual([traceId, spanId]);
    expect(Number(match?.[3])).toBeGreaterThan(0);
    expect(Math.abs(Number(match?.[4]) - Date.now() / 1000)).toBeLessThan(60);
    expect((await scrapeAs(app, 'text/plain')).body).not.toContain(' # {');
  });

  it('is not there for a request nobody records', async () => {
    const app = buildApp();
    await postChain(app, []);
    await postChain(app, [], { traceparent: `00-${traceId}-${spanId}-00` });
    expect(await exemplars(app)).toEqual([]);
  });
});
