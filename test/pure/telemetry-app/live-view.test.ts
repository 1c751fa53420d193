import { describe, expect, it } from 'vitest';
import type { Call } from '../../../src/telemetry-app/chain/call-tree.ts';
import { createLiveView } from '../../../src/telemetry-app/page/live-view.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';

function viewAt(startSeconds: number) {
  const time = { now: startSeconds };
  const view = createLiveView({ clock: () => time.now, nowMs: () => time.now * 1000 });
  const finished = (status: number, seconds: number) =>
    view.requestFinished(status, seconds, time.now * 1000);
  const called = (id: string, call: Call) => view.called(call, { id }, time.now * 1000);
  return { time, view, finished, called };
}

const answered = (name: string, instance: string, calls: readonly Call[] = []): Call => ({
  name,
  instance,
  status: 200,
  durationMs: 5,
  ownMs: 2,
  calls,
});

describe('what the page shows', () => {
  it('is nothing before the first request', () => {
    expect(viewAt(1_000).view.state()).toMatchObject({
      requestsPerSecond: 0,
      failedRatio: 0,
      latencyMs: { p50: null, p95: null, p99: null },
      latest: null,
      replicas: [],
    });
  });

  it('is the rate, the failures and the latency of the last ten seconds that are over', () => {
    const { time, view, finished } = viewAt(1_000);
    for (let second = 0; second < 20; second++) {
      time.now = 1_000.5 + second;
      for (let i = 0; i < 50; i++) finished(i === 0 ? 503 : i === 1 ? 404 : 200, i < 45 ? 0.01 : 0.2);
    }
    time.now = 1_020.1;
    for (let i = 0; i < 1_000; i++) finished(500, 9);
    const state = view.state();
    expect(state.requestsPerSecond).toBe(50);
    expect(state.failedRatio).toBeCloseTo(0.02, 9);
    // Buckets of the histogram are 5 % wide.
    expect(state.latencyMs.p50).toBeGreaterThan(9.5);
    expect(state.latencyMs.p50).toBeLessThan(10.5);
    expect(state.latencyMs.p95).toBeGreaterThan(190);
    expect(state.seconds).toHaveLength(60);
    expect(state.seconds.map(({ requests }) => requests)).toEqual([
      ...new Array(40).fill(0),
      ...new Array(20).fill(50),
    ]);
    time.now += 12;
    expect(view.state()).toMatchObject({ requestsPerSecond: 0, latencyMs: { p95: null } });
    time.now += 300;
    expect(view.state().seconds.every(({ requests }) => requests === 0)).toBe(true);
  });

  it('is the newest tree, and every replica in the trees of the last minute', () => {
    const { time, view, called } = viewAt(1_000);
    const down: Call = {
      name: 'c:8000',
      url: 'http://c:8000/process',
      status: null,
      durationMs: 1,
      ownMs: 1,
      error: { code: 'upstream-unreachable', detail: 'ECONNREFUSED' },
      calls: [],
    };
    called('t1', answered('a', 'a-1', [answered('b', 'b-1')]));
    time.now += 5;
    const newest = answered('a', 'a-1', [answered('b', 'b-2'), down]);
    called('t2', newest);
    time.now += 7;
    const state = view.state();
    expect(state.latest).toEqual({ traceId: 't2', atSeconds: 1_005, call: newest });
    expect(state.replicas).toEqual([
      {
        name: 'a',
        instance: 'a-1',
        state: 'answering',
        calls: 2,
        failed: 0,
        lastStatus: 200,
        lastOwnMs: 2,
        secondsAgo: 7,
      },
      expect.objectContaining({ name: 'b', instance: 'b-1', state: 'silent', calls: 1, secondsAgo: 12 }),
      expect.objectContaining({ name: 'b', instance: 'b-2', state: 'answering', secondsAgo: 7 }),
      expect.objectContaining({
        name: 'c:8000',
        state: 'failing',
        failed: 1,
        lastStatus: null,
        lastError: down.error,
      }),
    ]);
    time.now = 1_062;
    expect(view.state().replicas.map(({ instance }) => instance)).toEqual(['a-1', 'b-2', undefined]);
    time.now = 1_100;
    expect(view.state().replicas).toEqual([]);
  });

  it('keeps no tree but the newest, however large those were that named its replicas', async () => {
    const { view, called } = viewAt(1_000);
    const kept = (() => {
      const calls = [answered('c', 'c-1')];
      called('t', answered('a', 'a-1', [answered('b', 'b-1', calls)]));
      return new WeakRef(calls);
    })();
    called('t', answered('a', 'a-1'));
    // A reference that was looked at is good until the turn is over.
    await new Promise(setImmediate);
    collectGarbage();
    expect(view.state().replicas.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(kept.deref()).toBeUndefined();
  });

  it('is bounded, however many replicas there are', () => {
    const { view, called } = viewAt(1_000);
    for (let i = 0; i < 1_000; i++) called('t', answered('a', `a-${i}`));
    const { replicas } = view.state();
    expect(replicas).toHaveLength(200);
    expect(replicas.map(({ instance }) => instance)).toContain('a-999');
  });
});
