import { describe, expect, it } from 'vitest';
import { joinedEvents } from '../../../../src/forecast/calendar/event-feed.ts';
import type { CalendarEvent } from '../../../../src/forecast/core/index.ts';
import { createDemandModel } from '../../../../src/forecast/demand-model.ts';
import type { DemandQuery } from '../../../../src/forecast/demand-query.ts';
import { identityOf } from '../../../../src/forecast/snapshots/packed-snapshot.ts';
import {
  createSnapshotPlace,
  type SnapshotStore,
} from '../../../../src/forecast/snapshots/snapshot-place.ts';
import type { HistorySource } from '../../../../src/history/source.ts';
import { silentLogger } from '../../../../src/platform/log.ts';

const { signal } = new AbortController();
const day = 86_400;
const now = 20_000 * day + day / 2;
const query: DemandQuery = {
  ...{
    query: 'demand',
    replicasQuery: undefined,
    emptyIsZero: false,
    stepSeconds: 300,
    historySeconds: 10 * day,
  },
  model: {},
};
/** Three times as much as on an ordinary day, from ten minutes after now on. */
const sale: CalendarEvent = {
  ...{ startSeconds: now + 600, endSeconds: now + 7200, kind: 'sale', name: 'Sale' },
  effect: { type: 'given', ratio: 3 },
};

/** A model of a source that can be emptied, slowed and refused, with events that can be changed. */
function scene(store?: SnapshotStore, events: readonly CalendarEvent[] = []) {
  const world = { events, oldest: 0, gate: Promise.resolve(), fails: false };
  const source: HistorySource = {
    async range({ startSeconds, endSeconds }) {
      const isLong = endSeconds - startSeconds > day;
      if (isLong) await world.gate;
      if (isLong && world.fails) throw new Error('the source is busy');
      const first = Math.max(startSeconds, world.oldest);
      const count = Math.max(0, Math.floor((endSeconds - first) / 300) + 1);
      const timestamps = Float64Array.from({ length: count }, (_, i) => first + 300 * i);
      return { stepSeconds: 300, timestamps, values: timestamps.map(demandAt), warnings: [] };
    },
    instant: async () => ({ kind: 'missing', reason: 'none', isEmpty: true }),
    rateWindowSeconds: () => 60,
  };
  const said: unknown[] = [];
  const log = {
    ...silentLogger,
    warn: (fields: object, event: string) => void said.push({ ...fields, event }),
  };
  const snapshots =
    store &&
    createSnapshotPlace({ store }, { identity: identityOf('this'), query: 'demand', source: 'fake', log });
  const model = createDemandModel(
    query,
    { name: 'fake', source },
    { freshSeconds: 15, clock: () => now, log, onRefresh() {}, eventsNow: () => world.events, snapshots },
  );
  /** Bound of the peak within half an hour. */
  const peak = () => {
    const answer = model.peak({ windowSeconds: 1800, quantiles: [0.5] });
    return answer.status === 'ok' ? answer.bounds[0] : undefined;
  };
  return { world, model, peak, said, refresh: (at: number) => model.refreshHistory(at, signal) };
}
const demandAt = (t: number) => 100 + 20 * Math.sin((2 * Math.PI * t) / day);

describe('a model whose events have become others', () => {
  it('goes on answering with those of before until all was learned with the others', async () => {
    const { world, peak, model, refresh } = scene();
    await refresh(now);
    expect(peak()).toBeLessThan(150);
    const { promise, resolve } = Promise.withResolvers<void>();
    world.gate = promise;
    world.events = [sale];
    expect(model.hasOtherEvents()).toBe(true);
    await refresh(now + 300);
    expect(model.newestSeconds()).toBe(now);
    expect(peak()).toBeLessThan(150);
    expect(model.events()).toEqual([]);
    resolve();
    await expect
      .poll(async () => {
        await refresh(now + 300);
        return peak();
      })
      .toBeGreaterThan(250);
    expect(model.events()).toEqual([sale]);
    expect(model.hasOtherEvents()).toBe(false);
  });

  it.each([
    ['whose source has lost its history', { oldest: now - 3600 }, 'too little history'],
    ['whose source does not give it', { fails: true }, 'the source is busy'],
  ])('keeps what it knows, where it could say nothing in its place: %s', async (_, fault, why) => {
    const { world, peak, said, refresh } = scene();
    await refresh(now);
    const before = peak();
    Object.assign(world, fault, { events: [{ ...sale, effect: { type: 'ignored' } }] });
    await expect
      .poll(async () => {
        await refresh(now);
        return said;
      })
      .toEqual([
        expect.objectContaining({ event: 'calendar-not-learned', reason: expect.stringContaining(why) }),
      ]);
    expect(peak()).toBe(before);
    // The source is not burdened again at once.
    for (let i = 0; i < 5; i++) await refresh(now);
    expect(said.length).toBe(1);
  });

  it('goes on from a snapshot with the events that it knew, and then learns the others', async () => {
    const files = new Map<string, Uint8Array>();
    const store: SnapshotStore = {
      load: async (name) => files.get(name),
      save: async (name, bytes) => void files.set(name, bytes),
    };
    const first = scene(store, [sale]);
    await first.refresh(now);
    const served = first.peak();
    expect(served).toBeGreaterThan(250);
    await expect.poll(() => files.size).toBe(1);

    const second = scene(store);
    second.world.gate = new Promise(() => undefined);
    await second.refresh(now);
    expect(second.peak()).toBe(served);
    expect(second.model.events()).toEqual([sale]);
    expect(second.said).toEqual([]);

    const third = scene(store, [{ ...sale }]);
    third.world.gate = new Promise(() => undefined);
    await third.refresh(now);
    expect(third.peak()).toBe(served);
    expect(third.model.events()).toBe(third.world.events);
  });
});

describe('the events of several feeds', () => {
  it('are each there once, in an array that changes only with them', () => {
    const other = { ...sale, name: 'Other' };
    let second: readonly CalendarEvent[] = [];
    const own = [sale];
    const joined = joinedEvents(() => [{ events: () => own }, { events: () => second }]);
    expect(joined()).toBe(own);
    second = [{ ...sale }, other];
    const both = joined();
    expect(both).toEqual([sale, other]);
    expect(joined()).toBe(both);
  });
});
