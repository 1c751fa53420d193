import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { TelemetryAppOptions } from '../../../src/telemetry-app/app.ts';
import { createVirtualTimers } from '../../pure/telemetry-app/virtual-timers.ts';
import { buildApp, postChain, scrape } from './app-in-process.ts';

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** An app that listens on loopback. */
async function listenOn(options: Partial<TelemetryAppOptions>) {
  const app = buildApp(options);
  await app.server.listen({ host: '127.0.0.1', port: 0 });
  opened.push(app.close);
  const { port } = app.server.server.address() as AddressInfo;
  return { app, port, url: `http://127.0.0.1:${port}` };
}

describe('an app with a capacity', () => {
  it('serves at its pace over HTTP, and sheds the rest at once with what to do about it', async () => {
    const timers = createVirtualTimers();
    const { app, url } = await listenOn({ capacityRps: 20, queueLimit: 6, timers });
    let answered = 0;
    const asked = Array.from({ length: 20 }, async () => {
      const answer = await fetch(`${url}/process`, { method: 'POST', body: '[]' });
      const body = await answer.json();
      answered++;
      return { answer, body };
    });
    // One had its turn at once, six wait, the rest was rejected: the six are served 50 ms apart.
    await expect.poll(() => answered).toBe(14);
    for (let turn = 1; turn <= 6; turn++) {
      timers.runTo(turn * 50 - 1);
      expect((await scrape(app)).get('app_requests_queued')).toBe(7 - turn);
      timers.runTo(turn * 50);
    }
    const answers = await Promise.all(asked);
    const served = answers.filter(({ answer }) => answer.status === 200);
    const shed = answers.filter(({ answer }) => answer.status === 503);
    expect([served.length, shed.length]).toEqual([7, 13]);
    for (const { answer, body } of shed) {
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(body).toMatchObject({ status: 503, code: 'queue-full', app: 'a' });
    }
    const samples = await scrape(app);
    expect(samples.get('app_requests_shed_total{app="a",reason="queue-full"}')).toBe(13);
    // Served and rejected requests differ in one label, so that the sum of both series is the offered demand.
    const offered = [...samples].filter(([series]) => series.startsWith('app_requests_total'));
    expect(offered.reduce((sum, [, value]) => sum + value, 0)).toBe(20);
    expect(samples.get('app_capacity_requests_per_second')).toBe(20);
    expect(samples.has('app_capacity_concurrency')).toBe(false);
  });

  it('serves so many at once, the latency and what follows included', async () => {
    const waits: (() => void)[] = [];
    const app = buildApp({
      capacityConcurrency: 2,
      maxLatencyMs: 10,
      delay: () => new Promise((resolve) => waits.push(resolve)),
    });
    const answers = Array.from({ length: 5 }, () => postChain(app, []));
    await expect.poll(() => waits.length).toBe(2);
    const samples = await scrape(app);
    expect(samples.get('app_requests_queued')).toBe(3);
    expect(samples.get('http_requests_in_flight')).toBe(5);
    expect(samples.get('app_capacity_concurrency')).toBe(2);
    for (let i = 0; i < 5; i++) {
      await expect.poll(() => waits.length).toBeGreaterThan(i);
      waits[i]?.();
    }
    expect((await Promise.all(answers)).map(({ statusCode }) => statusCode)).toEqual(new Array(5).fill(200));
    expect((await scrape(app)).get('app_requests_queued')).toBe(0);
  });

  it('sheds who waited too long', async () => {
    const timers = createVirtualTimers();
    const app = buildApp({ capacityRps: 1, queueTimeoutMs: 300, timers });
    await postChain(app, []);
    const late = postChain(app, []);
    await expect.poll(async () => (await scrape(app)).get('app_requests_queued')).toBe(1);
    timers.runTo(300);
    expect((await late).json()).toMatchObject({ status: 503, code: 'queue-timeout' });
    expect((await scrape(app)).get('app_requests_shed_total{app="a",reason="queue-timeout"}')).toBe(1);
  });

  it('forgets a client that left while it waited', async () => {
    const timers = createVirtualTimers();
    const { app, port } = await listenOn({ capacityRps: 1, timers });
    await postChain(app, []);
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n'));
    const queued = async () => (await scrape(app)).get('app_requests_queued');
    await expect.poll(queued).toBe(1);
    socket.destroy();
    await expect.poll(queued).toBe(0);
    timers.runTo(1_000);
    expect((await postChain(app, [])).statusCode).toBe(200);
  });

  it('answers probes and scrapes however long its queue is', async () => {
    const timers = createVirtualTimers();
    const { app, url } = await listenOn({ capacityRps: 1, queueLimit: 50, timers });
    const asked = Array.from({ length: 60 }, () => postChain(app, []));
    await expect.poll(async () => (await scrape(app)).get('app_requests_queued')).toBe(50);
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      expect((await fetch(url + path)).status).toBe(200);
    }
    timers.runTo(60_000);
    await Promise.all(asked);
  });
});

describe('an app that starts slowly', () => {
  it('is alive but not ready, and refuses work until it is', async () => {
    const timers = createVirtualTimers();
    const app = buildApp({ readyDelaySeconds: 30, timers });
    timers.runTo(12_500);
    const ready = await app.server.inject('/readyz');
    expect([ready.statusCode, ready.json()]).toEqual([503, { status: 'starting' }]);
    expect((await app.server.inject('/healthz')).statusCode).toBe(200);
    for (const refused of [await postChain(app, []), await app.server.inject('/')]) {
      expect(refused.json()).toMatchObject({ status: 503, code: 'starting' });
      expect(refused.headers['retry-after']).toBe('18');
    }
    const samples = await scrape(app);
    expect(samples.get('app_requests_shed_total{app="a",reason="starting"}')).toBe(2);
    expect(samples.get('app_capacity_ratio')).toBe(0);
    timers.runTo(30_000);
    expect((await app.server.inject('/readyz')).json()).toEqual({ status: 'ready' });
    expect((await postChain(app, [])).statusCode).toBe(200);
  });

  it('shows how its capacity grows', async () => {
    const timers = createVirtualTimers();
    const app = buildApp({ capacityRps: 40, warmUpSeconds: 20, warmUpFactor: 0.5, timers });
    const seen: unknown[] = [];
    for (const seconds of [0, 10, 20, 30]) {
      timers.runTo(seconds * 1000);
      const samples = await scrape(app);
      seen.push([samples.get('app_capacity_ratio'), samples.get('app_capacity_requests_per_second')]);
    }
    expect(seen).toEqual([
      [0.5, 20],
      [0.75, 30],
      [1, 40],
      [1, 40],
    ]);
  });
});
