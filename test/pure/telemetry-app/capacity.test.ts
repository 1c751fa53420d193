import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/load-shapes/index.ts';
import { type CapacityOptions, createCapacity } from '../../../src/telemetry-app/capacity/capacity.ts';
import { createVirtualTimers } from './virtual-timers.ts';

/** Serves whoever comes for `serviceMs`, in virtual time, and keeps what became of everybody. */
function openServer(options: Partial<CapacityOptions>, serviceMs = 0) {
  const timers = createVirtualTimers();
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
  const shed: { reason: string; retryAfterSeconds: number; atMs: number }[] = [];
  const enter = () => {
    const since = timers.nowMs();
    return capacity.enter({
      serve(leave) {
        servedAt.push(timers.nowMs());
        waits.push(timers.nowMs() - since);
        if (serviceMs === 0) leave();
        else timers.after(serviceMs, leave);
      },
      shed: (reason, retryAfterSeconds) => shed.push({ reason, retryAfterSeconds, atMs: timers.nowMs() }),
    });
  };
  /** Poisson arrivals, one after the other. */
  const arrive = (requestsPerSecond: number, count: number, seed = 1) => {
    const random = createRandom(seed);
    for (let i = 0; i < count; i++) {
      timers.runTo(timers.nowMs() - (1000 * Math.log(1 - random())) / requestsPerSecond);
      enter();
    }
  };
  return { timers, capacity, enter, arrive, waits, servedAt, shed };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('a pace', () => {
  it.each([
    [0.5, 200_000, 0.02],
    [0.8, 200_000, 0.02],
    // Waits of neighbours are much alike here: 400,000 of them tell as much as about 1,000 that are not.
    [0.9, 400_000, 0.06],
  ])('makes requests wait at %f of it as long as an M/D/1 queue does', (load, requests, allowed) => {
    const server = openServer({ requestsPerSecond: 50, queueLimit: 100_000 });
    server.arrive(50 * load, requests);
    // Pollaczek–Khinchine with a service time that does not vary: ρ / (2 μ (1 - ρ)).
    const expectedMs = (1000 * load) / (2 * 50 * (1 - load));
    expect(Math.abs(mean(server.waits) / expectedMs - 1)).toBeLessThan(allowed);
    expect(server.shed).toEqual([]);
  });

  it.each([1.25, 1.5, 3])('sheds at %f of it exactly what is too much, within two percent', (load) => {
    const server = openServer({ requestsPerSecond: 40 });
    server.arrive(40 * load, 60_000);
    const share = server.shed.length / 60_000;
    expect(Math.abs(share / (1 - 1 / load) - 1)).toBeLessThan(0.02);
    expect(new Set(server.shed.map(({ reason }) => reason))).toEqual(new Set(['queue-full']));
    // A second of work waits by default: nobody waits longer, and overload makes nearly all of it be waited.
    expect(Math.max(...server.waits)).toBeLessThanOrEqual(1000 + 1e-6);
    expect(mean(server.waits)).toBeGreaterThan(850);
  });

  it('is kept whatever the timers are late by', () => {
    const late = openServer({ requestsPerSecond: 200 });
    const after = late.timers.after;
    const sluggish = { ...late.timers, after: (ms: number, run: () => void) => after(ms + 7.3, run) };
    const served = { count: 0 };
    const capacity = createCapacity({
      requestsPerSecond: 200,
      concurrency: undefined,
      queueLimit: 5_000,
      queueTimeoutMs: 600_000,
      factor: () => 1,
      timers: sluggish,
    });
    for (let i = 0; i < 5_000; i++) {
      capacity.enter({
        serve(leave) {
          served.count++;
          leave();
        },
        shed: () => expect.unreachable(),
      });
    }
    late.timers.runTo(20_000);
    expect(Math.abs(served.count - 4_000)).toBeLessThanOrEqual(3);
  });

  it('saves up nothing while nobody comes', () => {
    const server = openServer({ requestsPerSecond: 10 });
    server.timers.runTo(60_000);
    for (let i = 0; i < 10; i++) server.enter();
    server.timers.runTo(70_000);
    server.servedAt.forEach((ms, i) => {
      expect(ms).toBeCloseTo(60_000 + i * 100, 5);
    });
    expect(server.servedAt).toHaveLength(10);
  });

  it('saves up nothing while all who are served at once are busy', () => {
    const server = openServer({ requestsPerSecond: 10, concurrency: 2, queueLimit: 100 }, 1_000);
    for (let i = 0; i < 6; i++) server.enter();
    server.timers.runTo(10_000);
    const expected = [0, 100, 1_000, 1_100, 2_000, 2_100];
    server.servedAt.forEach((ms, i) => {
      expect(ms).toBeCloseTo(expected[i] ?? Number.NaN, 5);
    });
    expect(server.servedAt).toHaveLength(6);
  });

  it('grows while the app warms up', () => {
    const timers = createVirtualTimers();
    const factor = () => Math.min(1, 0.2 + (0.8 * timers.nowMs()) / 10_000);
    const server = openServer({ requestsPerSecond: 100, queueLimit: 10_000, factor, timers });
    const servedAt: number[] = [];
    for (let i = 0; i < 5_000; i++) {
      server.capacity.enter({
        serve(leave) {
          servedAt.push(timers.nowMs());
          leave();
        },
        shed: () => expect.unreachable(),
      });
    }
    timers.runTo(20_000);
    const until = (ms: number) => servedAt.filter((at) => at < ms).length;
    // The area below a line from 20 to 100 requests per second, and 100 from then on.
    expect(Math.abs(until(5_000) - 200)).toBeLessThanOrEqual(3);
    expect(Math.abs(until(10_000) - 600)).toBeLessThanOrEqual(3);
    expect(Math.abs(until(20_000) - 1_600)).toBeLessThanOrEqual(3);
    expect(server.capacity.requestsPerSecond()).toBe(100);
  });
});

describe('a concurrency', () => {
  it('sheds at a load beyond it what is too much, within two percent', () => {
    // Four at once for 100 ms each: 40 requests per second.
    const server = openServer({ concurrency: 4 }, 100);
    server.arrive(60, 60_000);
    expect(Math.abs(server.shed.length / 60_000 / (1 - 40 / 60) - 1)).toBeLessThan(0.02);
  });

  it('loses those who find all busy as Erlang says, where nobody may wait', () => {
    const server = openServer({ concurrency: 3, queueLimit: 0 }, 100);
    server.arrive(20, 200_000);
    // Erlang B with 2 Erlang on 3 servers, whatever the service times: (8/6) / (1 + 2 + 2 + 8/6).
    expect(Math.abs(server.shed.length / 200_000 / (8 / 6 / (1 + 2 + 2 + 8 / 6)) - 1)).toBeLessThan(0.02);
  });

  it('lets ten times as many wait as it serves, unless told otherwise', () => {
    const server = openServer({ concurrency: 2 }, 1_000);
    for (let i = 0; i < 30; i++) server.enter();
    expect([server.servedAt.length, server.capacity.queued(), server.shed.length]).toEqual([2, 20, 8]);
  });
});

describe('the queue', () => {
  it('is served in the order of arrival, and tells those it sheds when to come again', () => {
    const server = openServer({ requestsPerSecond: 2, queueLimit: 5 });
    for (let i = 0; i < 8; i++) server.enter();
    expect(server.shed).toEqual([
      { reason: 'queue-full', retryAfterSeconds: 3, atMs: 0 },
      { reason: 'queue-full', retryAfterSeconds: 3, atMs: 0 },
    ]);
    server.timers.runTo(10_000);
    expect(server.waits).toEqual([0, 500, 1000, 1500, 2000, 2500]);
  });

  it('sheds whoever has waited for the longest time allowed, at that moment', () => {
    const server = openServer({ requestsPerSecond: 1, queueLimit: 10, queueTimeoutMs: 2_500 });
    for (let i = 0; i < 6; i++) server.enter();
    server.timers.runTo(60_000);
    expect(server.servedAt).toEqual([0, 1000, 2000]);
    expect(server.shed.map(({ reason, atMs }) => [reason, atMs])).toEqual(
      new Array(3).fill(['queue-timeout', 2500]),
    );
    expect(server.capacity.queued()).toBe(0);
  });

  it('forgets who leaves while waiting, and gives the turn to the next', () => {
    const server = openServer({ requestsPerSecond: 1, queueLimit: 2 });
    const withdraws = [server.enter(), server.enter(), server.enter()];
    expect(server.capacity.queued()).toBe(2);
    withdraws[1]?.();
    withdraws[1]?.();
    expect(server.capacity.queued()).toBe(1);
    server.enter();
    server.timers.runTo(10_000);
    // Withdrawing after having been served changes nothing.
    for (const withdraw of withdraws) withdraw();
    expect(server.servedAt).toEqual([0, 1000, 2000]);
    expect(server.shed).toEqual([]);
  });
});
