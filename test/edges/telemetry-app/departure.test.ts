import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/platform/log.ts';
import type { TelemetryAppOptions } from '../../../src/telemetry-app/app.ts';
import { callModes } from '../../../src/telemetry-app/chain/fan-out.ts';
import { noTracing, type SpanOutcome, type Tracing } from '../../../src/telemetry-app/tracing/tracing.ts';
import { buildApp, scrape } from './app-in-process.ts';

const opened: (() => Promise<unknown>)[] = [];
/** Warnings and errors that the apps logged. */
const complaints: unknown[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
  expect(complaints.splice(0)).toEqual([]);
});

/** A destination that never answers and records its requests. */
async function startSilent() {
  const seen = { asked: 0, left: 0 };
  const server = createServer((_, response) => {
    seen.asked++;
    response.on('close', () => seen.left++);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  opened.push(async () => {
    server.close();
    server.closeAllConnections();
  });
  return { url: urlOf(server), seen };
}

async function start(options: Partial<TelemetryAppOptions>) {
  const error = (...complaint: unknown[]) => void complaints.push(complaint);
  const app = buildApp({ timeoutMs: 300_000, log: { ...silentLogger, error }, ...options });
  await app.server.listen({ host: '127.0.0.1', port: 0 });
  opened.push(() => app.close());
  return { app, url: urlOf(app.server.server) };
}

function urlOf(server: { address(): unknown }): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/process`;
}

/** A client that sends a request and waits for the answer until `leave` is called. */
function ask(url: string) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname, () =>
    socket.write('GET /calls HTTP/1.1\r\nhost: a\r\n\r\n'),
  );
  opened.push(async () => socket.destroy());
  return { leave: () => socket.destroy() };
}

/** Samples of the counter of ended calls. */
async function callsOf(app: ReturnType<typeof buildApp>): Promise<string[]> {
  const series = [...(await scrape(app)).keys()];
  return series.filter((name) => name.startsWith('app_upstream_requests_total'));
}

/** Records how the spans of calls end. */
function notingCalls(ended: SpanOutcome[]): Tracing {
  return {
    ...noTracing,
    serve(parent, start) {
      const span = noTracing.serve(parent, start);
      return { ...span, call: () => ({ ...span, end: (outcome) => void ended.push(outcome) }) };
    },
  };
}

describe('a client that leaves', () => {
  it('ends the calls that were made for it, all the way down a chain', async () => {
    const { url: destination, seen } = await startSilent();
    const b = await start({ name: 'b', destinations: [destination] });
    const a = await start({ name: 'a', destinations: [b.url] });
    const client = ask(a.url);
    await expect.poll(() => seen).toEqual({ asked: 1, left: 0 });
    client.leave();
    await expect.poll(() => seen).toEqual({ asked: 1, left: 1 });
    for (const { app, name, called, route } of [
      { ...a, name: 'a', called: b.url, route: 'method="GET",route="/calls"' },
      { ...b, name: 'b', called: destination, route: 'method="POST",route="/process"' },
    ]) {
      const samples = await scrape(app);
      const abandoned = `app_upstream_requests_total{app="${name}",destination="${called}",outcome="abandoned"}`;
      expect(samples.get(abandoned)).toBe(1);
      expect(samples.get(`app_requests_total{app="${name}",${route},status="499"}`)).toBe(1);
      expect(samples.get('http_requests_in_flight')).toBe(0);
    }
  });

  it.each(callModes)('has nobody else asked on its behalf (%s)', async (callMode) => {
    const first = await startSilent();
    const second = await startSilent();
    const destinations = [first.url, second.url];
    const spans: SpanOutcome[] = [];
    const tracing = notingCalls(spans);
    const a = await start({ destinations, callMode, upstreamFailure: 'degrade', tracing });
    const client = ask(a.url);
    const askedSecond = callMode === 'parallel' ? 1 : 0;
    await expect.poll(() => [first.seen.asked, second.seen.asked]).toEqual([1, askedSecond]);
    client.leave();
    await expect.poll(() => [first.seen.left, second.seen.left]).toEqual([1, askedSecond]);
    await expect.poll(() => callsOf(a.app)).toHaveLength(1 + askedSecond);
    expect(second.seen.asked).toBe(askedSecond);
    expect(spans).toEqual(Array.from({ length: 1 + askedSecond }, () => ({ error: 'abandoned' })));
    // An abandoned call is no failure of the destination, so the page still shows the destination as healthy.
    const { latest, replicas } = (await a.app.server.inject('/ui/state')).json();
    expect({ latest, replicas }).toEqual({ latest: null, replicas: [] });
  });

  it('before its turn has come has nobody asked at all', async () => {
    const { url: destination, seen } = await startSilent();
    const waited = Promise.withResolvers<void>();
    const a = await start({ destinations: [destination], maxLatencyMs: 10, delay: () => waited.promise });
    const inFlight = async () => (await scrape(a.app)).get('http_requests_in_flight');
    const client = ask(a.url);
    await expect.poll(inFlight).toBe(1);
    client.leave();
    await expect.poll(inFlight).toBe(0);
    waited.resolve();
    // A second client stays. Calls for the first client would have been made before those for the second.
    const stays = ask(a.url);
    await expect.poll(() => seen.asked).toBe(1);
    expect(await callsOf(a.app)).toEqual([]);
    stays.leave();
    await expect.poll(() => callsOf(a.app)).toHaveLength(1);
  });
});
