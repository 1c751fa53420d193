import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ForescaleError } from '../../../../../src/platform/errors.ts';
import { neededStarts } from '../../../../../src/scaler/cluster-facts/lead-time/learn-lead-time.ts';
import { createFollowedStarts } from '../../../../../src/scaler/cluster-facts/starts/followed-starts.ts';
import { createPartSize } from '../../../../../src/scaler/cluster-facts/starts/part-size.ts';
import { ownersOf } from '../../../../../src/scaler/cluster-facts/starts/pod-owner.ts';
import type { Start } from '../../../../../src/scaler/cluster-facts/starts/read-starts.ts';
import { createStartLog } from '../../../../../src/scaler/cluster-facts/starts/start-log.ts';
import { tickSeconds } from '../../../../../src/scaler/cluster-facts/starts/start-queries.ts';

const now = 6_000_000 * tickSeconds;
const web = { namespace: 'shop', kind: 'Deployment', name: 'web' };
const api = { namespace: 'shop', kind: 'Deployment', name: 'api' };

function start(index: number, readySeconds: number, seconds: number, name = 'web'): Start {
  return {
    namespace: 'shop',
    pod: `shop/${name}-${index}/uid`,
    owners: [
      { kind: 'ReplicaSet', name: `${name}-abc` },
      { kind: 'Deployment', name },
    ],
    createdSeconds: readySeconds - seconds,
    readySeconds,
  };
}

describe('followed starts', () => {
  it('are read from a week ago on, what is farthest behind first, and learned from when all were read', async () => {
    const starts = createFollowedStarts();
    await starts.follow([web], now);
    const fromSeconds = now - 7 * 86_400;
    expect(starts.due(now)).toEqual({ fromSeconds, workloads: new Map([['shop', 1]]) });
    const read = Array.from({ length: 12 }, (_, index) => start(index, now - 3600 + index, 50));
    starts.add(fromSeconds, new Set(['shop']), read, now - 300);
    expect([...starts.unlearned(now)]).toHaveLength(0);
    expect(starts.learnedOf(web, now).leadTime).toBeUndefined();

    await starts.follow([web, api], now);
    expect(starts.due(now)).toEqual({ fromSeconds, workloads: new Map([['shop', 1]]) });
    starts.add(fromSeconds, new Set(['shop']), read, now - 300);
    expect(starts.due(now)).toEqual({ fromSeconds: now - 300, workloads: new Map([['shop', 2]]) });
    starts.add(now - 300, new Set(['shop']), [], now);
    expect(starts.due(now)).toBeUndefined();
    for (const learn of starts.unlearned(now)) learn();
    expect(starts.learnedOf(web, now).leadTime).toMatchObject({ p95Seconds: 50, starts: 12 });
    expect(starts.learnedOf(api, now).leadTime).toBeUndefined();
  });

  it('count from a moment on, so that replicas which learn at different times agree', async () => {
    const starts = createFollowedStarts();
    await starts.follow([web], now);
    const learnedAfter = (fromSeconds: number, read: readonly Start[], untilSeconds: number) => {
      starts.add(fromSeconds, new Set(['shop']), read, untilSeconds);
      for (const learn of starts.unlearned(untilSeconds)) learn();
    };
    const first = Array.from({ length: 12 }, (_, index) => start(index, now - 3600 + index, 50));
    learnedAfter(now - 7 * 86_400, first, now);
    const second = Array.from({ length: 12 }, (_, index) => start(20 + index, now + index, 200));
    learnedAfter(now, second, now + 300);
    expect(starts.learnedOf(web, now + 299).leadTime?.p95Seconds).toBe(50);
    expect(starts.learnedOf(web, now + 300).leadTime?.p95Seconds).toBe(200);
    // Before anything else was known it is better than nothing.
    expect(starts.learnedOf(web, now - 1).leadTime?.p95Seconds).toBe(50);
  });

  it('teach the same in whatever parts they were read', async () => {
    const all = Array.from({ length: 600 }, (_, index) =>
      start(index, now - 500_000 + 800 * index, 20 + (index % 70)),
    );
    const learnedIn = async (moments: readonly number[]) => {
      const starts = createFollowedStarts();
      await starts.follow([web], now);
      for (let part = 0, due = starts.due(now); due !== undefined; due = starts.due(now), part++) {
        const { fromSeconds } = due;
        const size = moments[part % moments.length] ?? 1;
        const untilSeconds = Math.min(now, fromSeconds + size * tickSeconds);
        const read = all.filter(
          ({ readySeconds }) => readySeconds > fromSeconds && readySeconds <= untilSeconds,
        );
        // Prometheus 2 counts both ends of a range, so that the last moment of a part may come again.
        const again = all.filter(
          ({ readySeconds }) => readySeconds > fromSeconds - tickSeconds && readySeconds <= fromSeconds,
        );
        starts.add(fromSeconds, new Set(['shop']), [...again, ...read], untilSeconds);
      }
      for (const learn of starts.unlearned(now)) learn();
      return starts.learnedOf(web, now).leadTime;
    };
    const whole = await learnedIn([2016]);
    expect(whole).toMatchObject({ starts: 300 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 7, max: 300 }), { minLength: 1, maxLength: 5 }),
        async (moments) => {
          expect(await learnedIn(moments)).toEqual(whole);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('are forgotten when their object is no longer followed', async () => {
    const starts = createFollowedStarts();
    await starts.follow([web], now);
    starts.add(now - 7 * 86_400, new Set(['shop']), [], now);
    await starts.follow([api], now);
    await starts.follow([web], now);
    expect(starts.due(now)?.fromSeconds).toBe(now - 7 * 86_400);
  });
});

describe('a log of starts', () => {
  it('counts the first time that a pod became ready, and keeps the newest', async () => {
    const log = createStartLog();
    for (let index = 0; index < neededStarts + 50; index++) {
      log.add(start(index, now + index, 30));
      // The pod was not ready for a while and is ready again.
      log.add({ ...start(index, now + index, 30), readySeconds: now + index + 200 });
    }
    expect(log.starts.durations).toHaveLength(neededStarts);
    expect(new Set(log.starts.durations)).toEqual(new Set([30]));
    expect(log.starts.readySeconds.at(-1)).toBe(now + neededStarts + 49);
  });

  it('takes no start for shorter than a second', async () => {
    const log = createStartLog();
    log.add(start(1, now, 0));
    log.add(start(2, now, -1));
    expect(log.starts.durations).toEqual([1, 1]);
  });
});

describe('the owners of a pod', () => {
  it('are its ReplicaSet and what owns that, by its name where nothing is exported', async () => {
    const replicaSet = { kind: 'ReplicaSet', name: 'web-api-5d4f8c7b9' };
    expect(ownersOf(replicaSet, undefined)).toEqual([replicaSet, { kind: 'Deployment', name: 'web-api' }]);
    const rollout = { kind: 'Rollout', name: 'web' };
    expect(ownersOf(replicaSet, rollout)).toEqual([replicaSet, rollout]);
    expect(ownersOf({ kind: 'ReplicaSet', name: 'alone' }, undefined)).toHaveLength(1);
    expect(ownersOf({ kind: 'StatefulSet', name: 'db' }, undefined)).toEqual([
      { kind: 'StatefulSet', name: 'db' },
    ]);
  });
});

describe('the size of a part', () => {
  it('is six hours, and halves down to one moment where that is too much', async () => {
    const size = createPartSize();
    expect(size.endOf(now, now + 86_400)).toBe(now + 6 * 3600);
    expect(size.endOf(now, now + 600)).toBe(now + 600);
    expect(size.halve(new ForescaleError('source-unreachable', 'down'))).toBe(false);
    let halved = 0;
    while (size.halve(new ForescaleError('too-large', 'much'))) halved++;
    expect(halved).toBe(6);
    expect(size.endOf(now, now + 86_400)).toBe(now + tickSeconds);
  });
});
