import { spawnSync } from 'node:child_process';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { appMetrics } from '../../../src/telemetry-app/metrics/declared-metrics.ts';
import { addProcessMetrics, Registry } from '../../../src/telemetry-app/metrics/metrics.ts';
import { findProgram } from '../../../tools/programs/find-program.ts';
import { buildApp, postChain, scrape } from '../../edges/telemetry-app/app-in-process.ts';

const promtool = await findProgram('promtool', process.env).then(
  ({ path }) => path,
  () => undefined,
);

describe('the metrics', () => {
  it('count requests by route pattern and status, under one label for whatever matches no route', async () => {
    const app = buildApp();
    await postChain(app, []);
    await postChain(app, []);
    await postChain(app, { no: 'array' });
    await app.server.inject('/?x=1');
    await app.server.inject('/wp-login.php');
    await app.server.inject('/.env');
    const samples = await scrape(app);
    const requests = (rest: string) => samples.get(`app_requests_total{app="a",${rest}}`);
    expect(requests('method="POST",route="/process",status="200"')).toBe(2);
    expect(requests('method="POST",route="/process",status="400"')).toBe(1);
    expect(requests('method="GET",route="/",status="200"')).toBe(1);
    expect(requests('method="GET",route="unmatched",status="404"')).toBe(2);
    expect([...samples.keys()].filter((series) => series.startsWith('app_requests_total'))).toHaveLength(4);
    expect(
      samples.get('http_request_duration_seconds_count{method="POST",route="/process",status="200"}'),
    ).toBe(2);
    expect(
      samples.get(
        'http_request_duration_seconds_bucket{le="10",method="POST",route="/process",status="200"}',
      ),
    ).toBe(2);
    expect(samples.get('app_build_info{app="a",version="1.2.3"}')).toBe(1);
  });

  it('count injected errors', async () => {
    const app = buildApp({ errorPercent: 100 });
    await postChain(app, []);
    expect(
      (await scrape(app)).get('app_requests_total{app="a",method="POST",route="/process",status="500"}'),
    ).toBe(1);
  });

  it('leave probes and scrapes out: they are no demand', async () => {
    const app = buildApp();
    for (const url of ['/healthz', '/readyz', '/metrics']) await app.server.inject(url);
    const series = [...(await scrape(app)).keys()];
    expect(series.filter((name) => /^(app_requests_total|http_request_duration)/.test(name))).toEqual([]);
  });

  it('know what is in flight, and forget a client that leaves before its answer', async () => {
    const leaves = Promise.withResolvers<void>();
    const app = buildApp({ maxLatencyMs: 10, delay: () => leaves.promise });
    await app.server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n'));
    const inFlight = async () => (await scrape(app)).get('http_requests_in_flight');
    await expect.poll(inFlight).toBe(1);
    socket.destroy();
    await expect.poll(inFlight).toBe(0);
    leaves.resolve();
    expect((await scrape(app)).get('app_requests_total{app="a",method="GET",route="/",status="499"}')).toBe(
      1,
    );
    await app.close();
  });

  it.skipIf(promtool === undefined)('pass promtool check metrics', async () => {
    const registry = new Registry();
    const capacity = { capacityRps: 1, capacityConcurrency: 1, queueLimit: 0 };
    const app = buildApp({ registry, destinations: ['http://127.0.0.1:1/process'], ...capacity });
    addProcessMetrics(registry);
    const order = { method: 'PUT', url: '/admin/faults', payload: '{"faults":{"cpuMs":1}}' } as const;
    expect((await app.server.inject(order)).statusCode).toBe(200);
    await Promise.all([postChain(app, []), postChain(app, [])]);
    const input = (await app.server.inject('/metrics')).body;
    for (const sample of ['app_requests_shed_total{', 'app_faults_active{', 'app_capacity_concurrency 1']) {
      expect(input).toContain(sample);
    }
    expect(input).toContain('http_client_request_duration_seconds_count{');
    const { status, stdout, stderr } = spawnSync(promtool ?? '', ['check', 'metrics'], {
      input,
      encoding: 'utf8',
    });
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
    await app.close();
  });

  it('follow the naming rules of Prometheus', async () => {
    const registry = new Registry();
    const app = buildApp({ registry });
    addProcessMetrics(registry);
    await postChain(app, []);
    const exposition = (await app.server.inject('/metrics')).body;
    const declared = [...exposition.matchAll(/^# HELP (\S+) (.+)\n# TYPE \S+ (\w+)$/gm)];
    expect(declared.length).toBeGreaterThan(25);
    for (const [, name = '', help = '', kind = ''] of declared) {
      expect(help, name).not.toBe('');
      expect(name, name).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(name.endsWith('_total'), `${name} is a ${kind}`).toBe(kind === 'counter');
      expect(name, name).not.toMatch(/_(milliseconds|ms|minutes|hours|days|count|sum|bucket)$/);
      expect(name, name).not.toMatch(/(^|_)(gauge|counter|histogram|summary)(_|$)/);
    }
    const names = declared.map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(appMetrics)));
  });

  it('are served in the Prometheus text format', async () => {
    const answer = await buildApp().server.inject('/metrics');
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  });
});

describe('the simulated history', () => {
  const rate = (samples: ReadonlyMap<string, number>, daysAgo: number, hour: number) =>
    samples.get(`app_requests_historical_rate{app="a",days_ago="${daysAgo}",hour="${hour}"}`) ?? Number.NaN;

  it('covers every hour of the last seven days with the pattern of a working week', async () => {
    const samples = await scrape(buildApp({ historicalPeak: 200 }));
    const rates = [...samples].filter(([series]) => series.startsWith('app_requests_historical_rate'));
    expect(rates).toHaveLength(7 * 24);
    expect(rates.every(([, value]) => value > 0 && value < 210)).toBe(true);
    // The clock says Friday: yesterday was a Thursday, five days ago a Sunday.
    expect(rate(samples, 1, 15)).toBeGreaterThan(185);
    expect(rate(samples, 5, 15)).toBeLessThan(0.6 * rate(samples, 1, 15));
    expect(rate(samples, 1, 3)).toBeLessThan(30);
  });

  it('adds up the requests of each day', async () => {
    const samples = await scrape(buildApp());
    for (let daysAgo = 1; daysAgo <= 7; daysAgo++) {
      const hours = Array.from({ length: 24 }, (_, hour) => rate(samples, daysAgo, hour));
      const day = samples.get(`app_requests_historical_day_requests{app="a",days_ago="${daysAgo}"}`);
      expect(day).toBeCloseTo(3600 * hours.reduce((sum, value) => sum + value, 0), 3);
    }
  });

  it('moves on when a day has ended, and is the same in every replica', async () => {
    let now = Date.UTC(2026, 2, 6, 23, 59) / 1000;
    const app = buildApp({ clock: () => now, seed: 1 });
    const before = await scrape(app);
    expect(rate(await scrape(buildApp({ clock: () => now, seed: 99 })), 1, 15)).toBe(rate(before, 1, 15));
    now += 120;
    const after = await scrape(app);
    expect(rate(after, 2, 15)).toBe(rate(before, 1, 15));
    expect(rate(after, 1, 15)).not.toBe(rate(before, 1, 15));
    const days = [...after.keys()].filter((series) => series.startsWith('app_requests_historical_day'));
    expect(days).toHaveLength(7);
  });
});
