import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import type { TelemetryAppOptions } from '../../../src/telemetry-app/app.ts';
import { errorKinds } from '../../../src/telemetry-app/faults/error-kinds.ts';
import { type Behaviour, createLuck, fateOf } from '../../../src/telemetry-app/faults/fate.ts';
import { createVirtualTimers } from '../../pure/telemetry-app/virtual-timers.ts';
import { buildApp, scrape } from './app-in-process.ts';

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

/** An app on a port of loopback, and requests to it over real connections. */
async function overHttp(options: Partial<TelemetryAppOptions>) {
  const app = buildApp(options);
  let arrived = 0;
  // This hook runs after the body was read and directly before the handler.
  app.server.addHook('preHandler', async () => void arrived++);
  await app.server.listen({ host: '127.0.0.1', port: 0 });
  const agent = new Agent();
  opened.push(app.close, () => agent.destroy());
  const { port } = app.server.server.address() as AddressInfo;
  const status = async () => {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}/process`, {
      dispatcher: agent,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '[]',
    });
    await body.dump();
    return statusCode;
  };
  return { app, status, arrived: () => arrived };
}

describe('over real HTTP', () => {
  it('each request meets the fate that its place in the order of arrivals and the seed decide', async () => {
    const behaviour: Behaviour = {
      latency: { kind: 'lognormal', medianMs: 20, sigma: 0.5 },
      errors: { percent: 20, kinds: errorKinds.parse('500:8,503:1,429:1') ?? [], delayMs: 0 },
      cpuMs: 0,
      memoryMib: 0,
    };
    const waits: number[] = [];
    const { status } = await overHttp({
      seed: 42,
      latencyDistribution: behaviour.latency,
      errorPercent: behaviour.errors.percent,
      errorKinds: behaviour.errors.kinds,
      delay: async (ms) => void waits.push(ms),
    });
    const statuses: number[] = [];
    for (let i = 0; i < 1_500; i++) statuses.push(await status());
    const luck = createLuck(42);
    const fates = Array.from({ length: 1_500 }, () => fateOf(behaviour, luck()));
    expect(statuses).toEqual(fates.map(({ failure }) => (failure?.kind === 'status' ? failure.status : 200)));
    expect(waits).toEqual(fates.map(({ waitMs }) => waitMs));
    expect(new Set(statuses)).toEqual(new Set([200, 500, 503, 429]));
  });

  it('one and a half times the capacity is shed by a third, within two percent', async () => {
    const timers = createVirtualTimers();
    const { app, status, arrived } = await overHttp({ capacityRps: 40, timers });
    const asked: Promise<number>[] = [];
    const shed = async () =>
      (await scrape(app)).get('app_requests_shed_total{app="a",reason="queue-full"}') ?? 0;
    const offer = async (count: number) => {
      for (let i = 0; i < count; i++) {
        const before = arrived();
        asked.push(status());
        // Virtual time does not pass until the request has arrived, so that the speed of the machine does not matter.
        while (arrived() === before) await new Promise((resolve) => setImmediate(resolve));
        await new Promise((resolve) => setImmediate(resolve));
        timers.runTo(timers.nowMs() + 1000 / 60);
      }
    };
    // No request is rejected until the queue is full.
    await offer(150);
    const shedBefore = await shed();
    await offer(1_500);
    const share = ((await shed()) - shedBefore) / 1_500;
    expect(Math.abs(share / (1 / 3) - 1), `shed ${share}`).toBeLessThan(0.02);
    timers.runTo(timers.nowMs() + 60_000);
    const statuses = await Promise.all(asked);
    expect(statuses.filter((one) => one === 503)).toHaveLength(await shed());
    // The offered demand is the sum over all answers.
    const total = [...(await scrape(app))].filter(([series]) => series.startsWith('app_requests_total'));
    expect(total.reduce((sum, [, value]) => sum + value, 0)).toBe(1_650);
  });
});
