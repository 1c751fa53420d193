import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/load-shapes/index.ts';
import { type CapacityOptions, createCapacity } from '../../../src/telemetry-app/capacity/capacity.ts';
import { createVirtualTimers, settle, type VirtualTimers } from './virtual-timers.ts';

/** Serves every request for `serviceMs`, in virtual time, and keeps what happened to each. */
function openServer(options: Partial<CapacityOptions> & { timers?: VirtualTimers }, serviceMs = 0) {
  const { timers = createVirtualTimers() } = options;
  const capacity = createCapacity({
    requestsPerSecond: undefined,
    concurrency: undefined,
    queueLimit: undefined,
    queueTimeoutMs: 600_000,
    factor: () => 1,
    timers,
    ...options,
  });
  const waits: number[] = [];
  const servedAt: number[] = [];
  const rejected: { reason: string; retryAfterSeconds: number; atMs: number }[] = [];
  const left: unknown[] = [];
  /** One more request; what is returned has it leave. */
  const enter = () => {
    const since = timers.nowMs();
    const gone = new AbortController();
    void capacity.turn(gone.signal).then(
      (outcome) => {
        if (outcome.kind === 'rejected') {
          const { reason, retryAfterSeconds } = outcome;
          rejected.push({ reason, retryAfterSeconds, atMs: timers.nowMs() });
          return;
        }
        servedAt.push(timers.nowMs());
        waits.push(timers.nowMs() - since);
        if (serviceMs === 0) outcome.leave();
        else timers.after(serviceMs, outcome.leave);
      },
      (reason) => left.push(reason),
    );
    return () => gone.abort('left');
  };
  /** Poisson arrivals, one after the other. */
  const arrive = async (requestsPerSecond: number, count: number, seed = 1) => {
    const random = createRandom(seed);
    for (let i = 0; i < count; i++) {
      await timers.passTo(timers.nowMs() - (1000 * Math.log(1 - random())) / requestsPerSecond);
      enter();
    }
    await settle();
  };
  return { timers, capacity, enter, arrive, waits, servedAt, rejected, left };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a pace', () => {
  it.each([
    [0.5, 50_000, 0.02],
    [0.8, 200_000, 0.02],
    // Waits of neighbouring requests are strongly correlated here: 200,000 of them are worth about 500 independent ones.
    [0.9, 200_000, 0.06],
  ])('makes requests wait at %f of it as long as an M/D/1 queue does', async (load, requests, allowed) => {
    const server = openServer({ requestsPerSecond: 50, queueLimit: 100_000 });
    await server.arrive(50 * load, requests);
    // Pollaczek–Khinchine with a service time that does not vary: ρ / (2 μ (1 - ρ)).
    const expectedMs = (1000 * load) / (2 * 50 * (1 - load));
    expect(Math.abs(mean(server.waits) / expectedMs - 1)).toBeLessThan(allowed);
    expect(server.rejected).toEqual([]);
  });

  // So many requests that one standard error is 1.6, 1.2 and 0.5 percent: the farther beyond it, the fewer are needed.
  it.each([
    [1.25, 60_000],
    [1.5, 30_000],
    [3, 10_000],
  ])('sheds at %f of it exactly what is too much, within two percent', async (load, requests) => {
    const server = openServer({ requestsPerSecond: 40 });
    await server.arrive(40 * load, requests);
    const share = server.rejected.length / requests;
    expect(Math.abs(share / (1 - 1 / load) - 1)).toBeLessThan(0.02);
    expect(new Set(server.rejected.map(({ reason }) => reason))).toEqual(new Set(['queue-full']));
    // By default the queue holds a second of work, so no request waits longer, and under overload most wait nearly that long.
    expect(Math.max(...server.waits)).toBeLessThanOrEqual(1000 + 1e-6);
    expect(mean(server.waits)).toBeGreaterThan(850);
  });

  it('is kept whatever the timers are late by', async () => {
    const timers = createVirtualTimers();
    const sluggish = { ...timers, after: (ms: number, run: () => void) => timers.after(ms + 7.3, run) };
    const server = openServer({ requestsPerSecond: 200, queueLimit: 5_000, timers: sluggish });
    for (let i = 0; i < 5_000; i++) server.enter();
    await timers.passTo(20_000);
    expect(Math.abs(server.servedAt.length - 4_000)).toBeLessThanOrEqual(3);
    expect(server.rejected).toEqual([]);
  });

  it('saves up nothing while nobody comes', async () => {
    const server = openServer({ requestsPerSecond: 10 });
    await server.timers.passTo(60_000);
    for (let i = 0; i < 10; i++) server.enter();
    await server.timers.passTo(70_000);
    server.servedAt.forEach((ms, i) => {
      expect(ms).toBeCloseTo(60_000 + i * 100, 5);
    });
    expect(server.servedAt).toHaveLength(10);
  });

  it('saves up nothing while all who are served at once are busy', async () => {
    const server = openServer({ requestsPerSecond: 10, concurrency: 2, queueLimit: 100 }, 1_000);
    for (let i = 0; i < 6; i++) server.enter();
    await server.timers.passTo(10_000);
    const expected = [0, 100, 1_000, 1_100, 2_000, 2_100];
    server.servedAt.forEach((ms, i) => {
      expect(ms).toBeCloseTo(expected[i] ?? Number.NaN, 5);
    });
    expect(server.servedAt).toHaveLength(6);
  });

  it('grows while the app warms up', async () => {
    const timers = createVirtualTimers();
    const factor = () => Math.min(1, 0.2 + (0.8 * timers.nowMs()) / 10_000);
    const server = openServer({ requestsPerSecond: 100, queueLimit: 10_000, factor, timers });
    for (let i = 0; i < 5_000; i++) server.enter();
    await timers.passTo(20_000);
    const until = (ms: number) => server.servedAt.filter((at) => at < ms).length;
    // The area below a line from 20 to 100 requests per second, and 100 from then on.
    expect(Math.abs(until(5_000) - 200)).toBeLessThanOrEqual(3);
    expect(Math.abs(until(10_000) - 600)).toBeLessThanOrEqual(3);
    expect(Math.abs(until(20_000) - 1_600)).toBeLessThanOrEqual(3);
    expect(server.capacity.requestsPerSecond()).toBe(100);
  });
});

describe('a concurrency', () => {
  it('sheds at a load beyond it what is too much, within two percent', async () => {
    // Four at once for 100 ms each: 40 requests per second.
    const server = openServer({ concurrency: 4 }, 100);
    await server.arrive(60, 30_000);
    expect(Math.abs(server.rejected.length / 30_000 / (1 - 40 / 60) - 1)).toBeLessThan(0.02);
  });

  it('loses those who find all busy as Erlang says, where nobody may wait', async () => {
    const server = openServer({ concurrency: 3, queueLimit: 0 }, 100);
    await server.arrive(20, 100_000);
    // Erlang B with 2 Erlang on 3 servers, whatever the service times: (8/6) / (1 + 2 + 2 + 8/6).
    expect(Math.abs(server.rejected.length / 100_000 / (8 / 6 / (1 + 2 + 2 + 8 / 6)) - 1)).toBeLessThan(0.02);
  });

  it('lets ten times as many wait as it serves, unless told otherwise', async () => {
    const server = openServer({ concurrency: 2 }, 1_000);
    for (let i = 0; i < 30; i++) server.enter();
    await settle();
    expect([server.servedAt.length, server.capacity.queued(), server.rejected.length]).toEqual([2, 20, 8]);
  });
});

describe('the queue', () => {
  it('is served in the order of arrival, and tells rejected requests when to try again', async () => {
    const server = openServer({ requestsPerSecond: 2, queueLimit: 5 });
    for (let i = 0; i < 8; i++) server.enter();
    await settle();
    expect(server.rejected).toEqual([
      { reason: 'queue-full', retryAfterSeconds: 3, atMs: 0 },
      { reason: 'queue-full', retryAfterSeconds: 3, atMs: 0 },
    ]);
    await server.timers.passTo(10_000);
    expect(server.waits).toEqual([0, 500, 1000, 1500, 2000, 2500]);
  });

  it('sheds whoever has waited for the longest time allowed, at that moment', async () => {
    const server = openServer({ requestsPerSecond: 1, queueLimit: 10, queueTimeoutMs: 2_500 });
    for (let i = 0; i < 6; i++) server.enter();
    await server.timers.passTo(60_000);
    expect(server.servedAt).toEqual([0, 1000, 2000]);
    expect(server.rejected.map(({ reason, atMs }) => [reason, atMs])).toEqual(
      new Array(3).fill(['queue-timeout', 2500]),
    );
    expect(server.capacity.queued()).toBe(0);
  });

  it('forgets who leaves while waiting, and gives the turn to the next', async () => {
    const server = openServer({ requestsPerSecond: 1, queueLimit: 2 });
    const withdraws = [server.enter(), server.enter(), server.enter()];
    expect(server.capacity.queued()).toBe(2);
    withdraws[1]?.();
    withdraws[1]?.();
    await settle();
    expect(server.capacity.queued()).toBe(1);
    expect(server.left).toEqual(['left']);
    server.enter();
    await server.timers.passTo(10_000);
    // Withdrawing after having been served changes nothing.
    for (const withdraw of withdraws) withdraw();
    await settle();
    expect(server.left).toEqual(['left']);
    expect(server.servedAt).toEqual([0, 1000, 2000]);
    expect(server.rejected).toEqual([]);
  });
});
