import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createDemandModel, type DemandModel } from '../../../../src/forecast/demand-model.ts';
import type { DemandQuery } from '../../../../src/forecast/demand-query.ts';
import { identityOf } from '../../../../src/forecast/snapshots/packed-snapshot.ts';
import { noRows } from '../../../../src/forecast/snapshots/snapshot.ts';
import {
  createSnapshotPlace,
  type SnapshotPlace,
  type SnapshotStore,
} from '../../../../src/forecast/snapshots/snapshot-place.ts';
import type { HistorySource } from '../../../../src/history/source.ts';
import { createRandom } from '../../../../src/load-shapes/index.ts';
import type { Logger } from '../../../../src/platform/log.ts';
import { createPlayedService } from '../../../../src/scaler/service-level/played-service.ts';
import { withMethods } from '../../../support/with-methods.ts';
import { type RandomTrace, randomTrace } from '../core/random-trace.ts';

const { signal } = new AbortController();
/** What the log says of the model. */
const words = { query: 'demand', source: 'fake' };

/** A place for snapshots in memory, which counts, and can be spoilt. */
function createStore() {
  const files = new Map<string, Uint8Array>();
  const counts = { loaded: 0, saved: 0 };
  const store: SnapshotStore = {
    async load(name) {
      const bytes = files.get(name);
      if (bytes !== undefined) counts.loaded++;
      return bytes;
    },
    async save(name, bytes) {
      counts.saved++;
      files.set(name, bytes);
    },
  };
  return { store, files, counts };
}

function createLog() {
  const refused: unknown[] = [];
  const note = (fields: object, event: string) => {
    if (event === 'snapshot-not-used' && 'reason' in fields) refused.push(fields.reason);
  };
  const log: Logger = { debug: note, info: note, warn: note, error: note };
  return { log, refused };
}

/** A source that has a trace, from which rows can be changed. */
function sourceOf(rows: () => RandomTrace['rows'], stepSeconds: number) {
  const asked: number[] = [];
  const source: HistorySource = {
    async range({ startSeconds, endSeconds }) {
      asked.push((endSeconds - startSeconds) / stepSeconds);
      const found = rows().filter(([time]) => time >= startSeconds && time <= endSeconds);
      return {
        stepSeconds,
        timestamps: Float64Array.from(found, ([time]) => time),
        values: Float64Array.from(found, ([, value]) => value),
        isCensored: Uint8Array.from(found, ([, , isCensored]) => (isCensored ? 1 : 0)),
        warnings: [],
      };
    },
    instant: async () => ({ kind: 'missing', reason: 'none', isEmpty: true }),
    rateWindowSeconds: () => 60,
  };
  return { source, asked };
}

/** Opens models of one trace. */
function scene(trace: RandomTrace, emptyIsZero = false) {
  const { stepSeconds, ...model } = trace.options;
  const asked: DemandQuery = {
    query: 'demand',
    replicasQuery: undefined,
    emptyIsZero,
    stepSeconds,
    historySeconds: 60 * 86_400,
    model,
  };
  let { rows } = trace;
  const { source, asked: steps } = sourceOf(() => rows, stepSeconds);
  const { log, refused } = createLog();
  const rule = {
    ...{ threshold: 10, capacity: 10, hpaTolerance: 0.1, knowsReplicas: false, serviceLevel: 0.95 },
    ...{ windowSeconds: 5 * stepSeconds, leadTimeSeconds: stepSeconds, settleSeconds: stepSeconds },
    ...{ rateWindowSeconds: stepSeconds, scrapeIntervalSeconds: stepSeconds / 4 },
    seasonSeconds: model.seasonsSeconds?.[0] ?? 86_400,
  };
  function open(
    store?: SnapshotStore | SnapshotPlace,
    of: unknown = 'this',
    leadTimeSeconds = stepSeconds,
    isSettled?: () => boolean,
  ) {
    const place =
      store && 'refuse' in store
        ? store
        : store && awaited(createSnapshotPlace({ store }, { identity: identityOf(of), ...words, log }));
    const demand = createDemandModel(
      asked,
      { name: 'fake', source },
      { freshSeconds: 15, clock: () => 0, log, onRefresh() {}, snapshots: place },
    );
    return { demand, following: follow(demand, leadTimeSeconds, { isSettled }) };
  }
  function follow(
    demand: DemandModel,
    leadTimeSeconds: number,
    how: { readonly serviceLevel?: number; readonly isSettled?: (() => boolean) | undefined } = {},
  ) {
    const { serviceLevel = rule.serviceLevel, isSettled } = how;
    const played = { ...rule, leadTimeSeconds, serviceLevel };
    return demand.follow(JSON.stringify(played), () => createPlayedService(played), isSettled);
  }
  const change = (changed: RandomTrace['rows']) => {
    rows = changed;
  };
  return { open, follow, refused, steps, change, stepSeconds };
}

type Opened = ReturnType<ReturnType<typeof scene>['open']>;

function told({ demand, following }: Opened, stepSeconds: number) {
  const { recentMaximum: _, ...state } = following.current()?.state() ?? { recentMaximum: undefined };
  return {
    state,
    served: following.current()?.served()?.total(),
    newest: demand.newestSeconds(),
    forecast: demand.forecast({ horizonSteps: 60, quantiles: [0.5, 0.9, 0.999] }),
    peak: demand.peak({ windowSeconds: 4 * stepSeconds }),
    explained: demand.explain({ windowSeconds: 4 * stepSeconds }),
    accuracy: demand.accuracy(),
  };
}

const refresh = ({ demand }: { readonly demand: DemandModel }, atSeconds: number) =>
  demand.refreshHistory(atSeconds, signal);

let saving: Promise<void> = Promise.resolve();
/** Snapshots are saved while the model goes on; a test waits for them. */
const saved = () => saving;
const awaited = (place: SnapshotPlace): SnapshotPlace =>
  withMethods(place, {
    save(snapshot) {
      saving = place.save(snapshot);
      return saving;
    },
  });

describe('a model that is restarted', () => {
  it.each([0, 1, 2, 3, 4, 6])('says to the bit what one that never stopped says, trace %i', async (seed) => {
    const trace = randomTrace(seed);
    const { open, refused, stepSeconds } = scene(trace);
    const { store, counts } = createStore();
    const random = createRandom(seed + 7);
    const steady = open();
    let restarted = open(store);
    const [[first] = [0], [last] = [0]] = [trace.rows[0], trace.rows.at(-1)];
    let restarts = 0;
    for (let now = first + (last - first) / 3; now < last; now += ((last - first) / 15) * random()) {
      await refresh(steady, now);
      await refresh(restarted, now);
      await saved();
      expect(isDeepStrictEqual(told(restarted, stepSeconds), told(steady, stepSeconds))).toBe(true);
      if (random() < 0.4) {
        restarts++;
        restarted = open(store);
      }
    }
    for (const one of [steady, restarted]) await refresh(one, last + 2 * stepSeconds);
    expect(isDeepStrictEqual(told(restarted, stepSeconds), told(steady, stepSeconds))).toBe(true);
    expect(restarts).toBeGreaterThan(2);
    expect(counts.loaded).toBeGreaterThanOrEqual(restarts - 1);
    expect(refused).toEqual([]);
  });

  describe('of a query whose empty answers are zeros', () => {
    const whole = randomTrace(2);
    const [[first] = [0], [last] = [0]] = [whole.rows[0], whole.rows.at(-1)];
    const day = 86_400;
    /** Begins long after the history does, and tells nothing in the last four days. */
    const rows = whole.rows.filter(([time]) => time > first + 3 * day && time < last - 4 * day);
    const silent = { ...whole, rows };

    it('goes on with zeros where it was restarted while nothing was told', async () => {
      const { open, refused, steps, stepSeconds } = scene(silent, true);
      const { store } = createStore();
      const [steady, stopping] = [open(), open(store)];
      for (const one of [steady, stopping]) await refresh(one, last - 2 * day);
      await saved();
      steps.length = 0;
      const restarted = open(store);
      for (const one of [steady, restarted]) await refresh(one, last);
      expect(Math.max(...steps)).toBeLessThan((2 * day) / stepSeconds + 40);
      expect(refused).toEqual([]);
      expect(steady.demand.health().rows).toBeGreaterThan(rows.length + 10);
      expect(restarted.demand.health().rows).toBe(steady.demand.health().rows);
      expect(isDeepStrictEqual(told(restarted, stepSeconds), told(steady, stepSeconds))).toBe(true);
    });

    it('goes on where the source has lost what it had, and takes none of that for zeros', async () => {
      const { open, refused, change, stepSeconds } = scene(whole, true);
      const { store } = createStore();
      const [steady, stopping] = [open(), open(store)];
      for (const one of [steady, stopping]) await refresh(one, last - day);
      await saved();
      change(whole.rows.filter(([time]) => time > last - day - 5 * stepSeconds));
      const restarted = open(store);
      for (const one of [steady, restarted]) await refresh(one, last);
      expect(refused).toEqual([]);
      expect(isDeepStrictEqual(told(restarted, stepSeconds), told(steady, stepSeconds))).toBe(true);
    });

    it('learns the same rows when all are read again, and none of before there was anything', async () => {
      const { open, follow, stepSeconds } = scene(silent, true);
      const [once, again] = [open(), open()];
      for (const one of [once, again]) await refresh(one, last);
      again.following.release();
      // A follower of other settings has the past read again.
      const other = follow(again.demand, 17);
      await refresh(again, last);
      expect(other.current()).toBeDefined();
      expect(again.demand.health().rows).toBe(once.demand.health().rows);
      const { following } = again;
      const known = { ...told(once, stepSeconds), state: {}, served: undefined };
      expect({
        ...told({ demand: again.demand, following }, stepSeconds),
        state: {},
        served: undefined,
      }).toEqual(known);
    });
  });
});

describe('a model that a follower comes to later', () => {
  it('keeps what it knows where the source has lost its past, and the follower goes on from the nearest other', async () => {
    const whole = randomTrace(2);
    const last = whole.rows.at(-1)?.[0] ?? 0;
    const { open, follow, change, stepSeconds } = scene(whole);
    const [steady, one] = [open(), open()];
    for (const each of [steady, one]) await refresh(each, last - 86_400);
    change(whole.rows.filter(([time]) => time > last - 86_400 - 10 * stepSeconds));
    const late = follow(one.demand, 17);
    for (const each of [steady, one]) await refresh(each, last);
    expect(late.current()?.state()).toBeDefined();
    expect(isDeepStrictEqual(told(one, stepSeconds), told(steady, stepSeconds))).toBe(true);
    expect(one.demand.peak({ windowSeconds: 600 }).status).toBe('ok');
  });
});

describe('a snapshot', () => {
  const trace = randomTrace(2);
  const end = (trace.rows.at(-1)?.[0] ?? 0) + 7200;
  const cut = end - 6 * 3600;

  /** A store with the snapshot of a model that stopped six hours before the end. */
  async function stopped() {
    const all = scene(trace);
    const kept = createStore();
    await refresh(all.open(kept.store), cut);
    await saved();
    expect(kept.counts.saved).toBe(1);
    all.steps.length = 0;
    return { ...all, ...kept };
  }

  it('is gone on from by reading what is new and the rows that are compared', async () => {
    const { open, store, steps, refused } = await stopped();
    await refresh(open(store), end);
    expect(steps).toHaveLength(1);
    expect(steps[0]).toBeLessThan(32 + 10 + 40);
    expect(refused).toEqual([]);
  });

  it('takes at most 60 KB', async () => {
    const minutes = scene(randomTrace(5));
    const { store, files } = createStore();
    await refresh(minutes.open(store), (randomTrace(5).rows.at(-1)?.[0] ?? 0) + 120);
    await saved();
    const [bytes] = [...files.values()];
    expect(bytes?.length).toBeGreaterThan(5_000);
    expect(bytes?.length).toBeLessThanOrEqual(60_000);
  });

  const spoilt: readonly (readonly [string, RegExp, (bytes: Uint8Array) => Uint8Array])[] = [
    [
      'one bit of which is another',
      /damaged/,
      (bytes) => bytes.with(bytes.length >> 1, bytes.at(bytes.length >> 1) === 0 ? 1 : 0),
    ],
    ['that is cut off', /damaged/, (bytes) => bytes.subarray(0, bytes.length - 1)],
    ['of which the beginning is left', /cut off/, (bytes) => bytes.subarray(0, 10)],
    ['that is of another version', /another version/, (bytes) => bytes.with(0, (bytes[0] ?? 0) ^ 1)],
  ];
  it.each(spoilt)('%s is not gone on from, and all is replayed', async (_, reason, spoil) => {
    const { open, store, files, refused, stepSeconds } = await stopped();
    for (const [name, bytes] of files) files.set(name, spoil(bytes));
    const [after, fresh] = [open(store), open()];
    for (const one of [after, fresh]) await refresh(one, end);
    expect(isDeepStrictEqual(told(after, stepSeconds), told(fresh, stepSeconds))).toBe(true);
    expect(refused).toEqual([expect.stringMatching(reason)]);
  });

  it('is not gone on from where a row has changed since', async () => {
    const { open, store, change, refused, stepSeconds } = await stopped();
    const changedAt = trace.rows.findLast(([time]) => time < cut - 4 * stepSeconds);
    change(trace.rows.map((row) => (row === changedAt ? [row[0], row[1] + 1, row[2]] : row)));
    const [after, fresh] = [open(store), open()];
    for (const one of [after, fresh]) await refresh(one, end);
    expect(isDeepStrictEqual(told(after, stepSeconds), told(fresh, stepSeconds))).toBe(true);
    expect(refused).toEqual(['the source has other rows now than it had']);
  });

  it('of another workload is never found, nor used where it stands in the place of one', async () => {
    const { open, store, files, counts, refused } = await stopped();
    await refresh(open(store, 'another'), end);
    expect(counts.loaded).toBe(0);
    await saved();
    const [own, other] = [...files.values()];
    const [ownName = '', otherName = ''] = files.keys();
    if (own === undefined || other === undefined) throw new Error('there are not two');
    files.set(ownName, other);
    files.set(otherName, own);
    await refresh(open(store), end);
    expect(refused).toEqual([expect.stringMatching(/other settings/)]);
  });

  it('that is old is not gone on from', async () => {
    const { open, store, refused } = await stopped();
    await refresh(open(store), cut + 31 * 86_400);
    expect(refused).toEqual(['it is too old']);
  });

  it('lets followers wait that it does not know, until the cluster is known', async () => {
    const { open, follow, store, steps, stepSeconds } = await stopped();
    const restarted = open(store, 'this', 17, () => false);
    await refresh(restarted, end);
    expect(restarted.demand.forecast({ horizonSteps: 1 }).status).toBe('ok');
    expect(Math.max(...steps)).toBeLessThan(100);
    restarted.following.release();
    const known = { demand: restarted.demand, following: follow(restarted.demand, stepSeconds) };
    await refresh(restarted, end + 100);
    expect(Math.max(...steps)).toBeLessThan(100);
    const fresh = open();
    await refresh(fresh, end);
    expect(isDeepStrictEqual(told(known, stepSeconds), told(fresh, stepSeconds))).toBe(true);
  });

  it('has followers stand in for those it does not know, of the settings that are most alike', async () => {
    const { open, follow, stepSeconds } = scene(trace);
    const { store: kept } = createStore();
    const stopping = open(kept);
    const other = follow(stopping.demand, stepSeconds, { serviceLevel: 0.5 });
    await refresh(stopping, cut);
    await saved();
    const [before, otherBefore] = [stopping.following, other].map((one) => one.current()?.state()?.asked);
    expect(before).not.toEqual(otherBefore);
    const isSettled = () => false;
    const restarted = open(kept, 'this', 17, isSettled);
    const otherAfter = follow(restarted.demand, 17, { serviceLevel: 0.5, isSettled });
    await refresh(restarted, cut);
    expect(restarted.following.current()?.state()?.asked).toEqual(before);
    expect(otherAfter.current()?.state()?.asked).toEqual(otherBefore);
  });

  it('of the future is not gone on from, and keeps no others from being kept', async () => {
    const { open, store, counts, refused } = await stopped();
    await refresh(open(store), cut - 86_400);
    await saved();
    expect(refused).toEqual(['it is of the future']);
    expect(counts.saved).toBe(2);
  });

  it('is kept after a clock that was ahead', async () => {
    const { open } = scene(trace);
    const { store, counts } = createStore();
    const one = open(store);
    for (const at of [cut, end + 10 * 86_400, end, end + 60]) {
      await refresh(one, at);
      await saved();
    }
    expect(counts.saved).toBe(3);
  });

  it('of another form is not gone on from', async () => {
    const { open, refused, stepSeconds } = scene(trace);
    const place: SnapshotPlace = {
      async *find() {
        yield { snapshot: { readUntilSeconds: cut, rows: 1, lastRows: noRows } as never, isOwn: true };
      },
      isKept: true,
      save: async () => undefined,
      refuse: (reason) => void refused.push(reason),
      share: 0,
    };
    const [after, fresh] = [open(place), open()];
    for (const one of [after, fresh]) await refresh(one, end);
    expect(refused).toHaveLength(1);
    expect(isDeepStrictEqual(told(after, stepSeconds), told(fresh, stepSeconds))).toBe(true);
  });

  it.each(['with it', 'after it', 'before all was known'])(
    'lets no follower wait that is settled and came %s, as that of an edit is',
    async (when) => {
      const { open, follow, store, stepSeconds } = await stopped();
      let isSettled = when === 'with it';
      const restarted = open(store, 'this', when === 'after it' ? stepSeconds : 17, () => isSettled);
      await refresh(restarted, end);
      isSettled = true;
      const following = when === 'after it' ? follow(restarted.demand, 17) : restarted.following;
      await refresh(restarted, end + 10);
      const fresh = open(undefined, 'this', 17);
      await refresh(fresh, end + 10);
      expect(told({ ...restarted, following }, stepSeconds)).toEqual(told(fresh, stepSeconds));
    },
  );

  it('lets no follower wait for longer', async () => {
    const { open, store, steps } = await stopped();
    const restarted = open(store, 'this', 17, () => false);
    await refresh(restarted, end);
    await refresh(restarted, end + 200);
    expect(restarted.following.current()?.state()).toBeDefined();
    expect(Math.max(...steps)).toBeGreaterThan(1000);
  });
});
