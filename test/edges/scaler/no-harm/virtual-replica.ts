import { createDemandModel } from '../../../../src/forecast/demand-model.ts';
import type { DemandModel, DemandModels } from '../../../../src/forecast/index.ts';
import { identityOf, packSnapshot } from '../../../../src/forecast/snapshots/packed-snapshot.ts';
import { createSnapshotPlace } from '../../../../src/forecast/snapshots/snapshot-place.ts';
import type { HistorySource } from '../../../../src/history/source.ts';
import { silentLogger } from '../../../../src/platform/log.ts';
import { createScalerService, createWorkloads, type Workloads } from '../../../../src/scaler/index.ts';
import type { ScalerService } from '../../../../src/scaler/service.ts';
import type { TriggerRef } from '../../../../src/scaler/workload-identity.ts';
import { withMethods } from '../../../support/with-methods.ts';
import { type Answers, askService, askSpec, type SpecAnswer } from './ask.ts';
import { served } from './promises.ts';
import { createVirtualArchive } from './virtual-archive.ts';
import { createVirtualCluster } from './virtual-cluster.ts';
import { askedJointly } from './virtual-joint.ts';
import { createVirtualSource } from './virtual-source.ts';
import {
  blindSeconds,
  createWitness,
  freshSeconds,
  type Witness,
  witnessedModel,
  witnessedSource,
} from './witness.ts';
import { calendarNow, modelFault, queryNumber, sourceFault, type World } from './world.ts';

export const refreshSeconds = 10;
export const forgetAfterSeconds = 86_400;
const { signal } = new AbortController();

/** Nothing that is served may depend on whether it can be put on record. */
const brokenRecord = {
  note(): never {
    throw new Error('the record has a bug');
  },
};

/** One replica of the scaler in virtual time: everything is production's but the source, the clock and the timers. */
export interface VirtualReplica {
  readonly workloads: Workloads;
  readonly handlers: ScalerService['handlers'];
  /** Does what the refresh loops of every model would have done by now. */
  refresh(): Promise<void>;
  /**
   * Asks about every trigger that is new here and waits until its model has read what there is. Triggers that share a model are known
   * to it before the first answer is compared: which of them was asked first makes no difference after that.
   */
  welcome(refs: readonly TriggerRef[]): Promise<void>;
  spec(ref: TriggerRef): Promise<SpecAnswer>;
  /** Asks for the value and the activity of a trigger. */
  ask(ref: TriggerRef): Promise<Answers>;
  /** What the source and the model of a trigger have said; undefined where it has no model. */
  witness(ref: TriggerRef): Witness | undefined;
  /**
   * Whether the past is still to be read again for a trigger that came after another of the same query: until the source lets it be
   * read, the one that came first knows more. While the model fails, what was decided until then is held.
   */
  isBehind(ref: TriggerRef): boolean;
  /** Models that are held. */
  models(): number;
  /** Ends the replica: the others cannot ask it any more. */
  stop(): void;
}

type Entries = Map<string, HeldEntry>;

/**
 * The models of the replicas that run in a world, and the poll at which each replica began. One asks those that began before it what
 * they have learned; those that begin together have nothing to tell one another.
 */
const running = new WeakMap<World, Map<Entries, number>>();

/** What the replicas that began before the one with these entries have under a key. */
function olderEntries(world: World, own: Entries, key: string): readonly HeldEntry[] {
  const replicas = running.get(world) ?? new Map<Entries, number>();
  const beganAt = replicas.get(own) ?? 0;
  return [...replicas].flatMap(([entries, poll]) => (poll < beganAt ? (entries.get(key) ?? []) : []));
}

interface HeldEntry {
  readonly model: DemandModel;
  readonly witness: Witness;
  readonly listeners: Set<() => void>;
  readonly firstObserved: Promise<void>;
  readonly firstHistory: Promise<void>;
  /** Times for which the source was last asked. */
  observedFor: number;
  historyFor: number;
  /** A follower that came later waits for the history to be read again, which production does at once. */
  isBehind: boolean;
  /** The history was read again, but the model failed, so that what was decided before is held. */
  holdsEarlier: boolean;
}

export function createVirtualReplica(world: World): VirtualReplica {
  const entries = new Map<string, HeldEntry>();
  const replicas = running.get(world) ?? new Map<Entries, number>();
  running.set(world, replicas.set(entries, world.poll));
  const known = new Set<string>();
  const clock = () => world.clockSeconds;
  const workloads = createWorkloads({
    models: createVirtualModels(world, entries),
    defaults: {
      lags: {
        scrapeIntervalSeconds: 15,
        refreshIntervalSeconds: refreshSeconds,
        kedaPollingSeconds: 30,
        hpaSyncSeconds: 15,
      },
      leadTimeSeconds: 120,
      freshSeconds,
      blindSeconds,
    },
    maxWorkloads: 100,
    maxPerNamespace: 100,
    forgetAfterSeconds,
    clock,
    // The true time never goes back.
    monotonic: () => world.trueSeconds,
    log: silentLogger,
    isForcedReactive: () => world.isForcedReactive,
    cluster: createVirtualCluster(world),
    record: brokenRecord,
  });
  const { handlers } = createScalerService({
    workloads,
    log: silentLogger,
    onRpc() {},
    monotonic: () => world.trueSeconds,
  });
  const entryOf = ({ namespace, scalerMetadata }: TriggerRef) =>
    entries.get(entryKey(namespace, scalerMetadata['query'] ?? ''));
  const replica: VirtualReplica = {
    workloads,
    handlers,
    async refresh() {
      await Promise.all([...entries].map(([key, entry]) => refreshEntry(world, entryQuery(key), entry)));
    },
    async welcome(refs) {
      for (const ref of refs) {
        const key = JSON.stringify(ref);
        if (known.has(key) && replica.witness(ref) !== undefined) continue;
        known.add(key);
        served(await askService(handlers, ref));
        for (const { firstObserved, firstHistory } of entries.values())
          await Promise.all([firstObserved, firstHistory]);
        served(await replica.ask(ref));
      }
    },
    spec: (ref) => askSpec(handlers, ref),
    async ask(ref) {
      const answers = await askService(handlers, ref);
      const behind = [...entries].filter(([, entry]) => entry.isBehind);
      for (const [key, entry] of behind) await catchUp(world, entryQuery(key), entry);
      return behind.length === 0 ? answers : askService(handlers, ref);
    },
    witness: (ref) => entryOf(ref)?.witness,
    isBehind(ref) {
      const entry = entryOf(ref);
      return entry !== undefined && (entry.isBehind || entry.holdsEarlier || entry.model.hasOtherEvents());
    },
    models: () => entries.size,
    stop: () => void replicas.delete(entries),
  };
  return replica;
}

/** Within one scenario everything that identifies a model besides these follows from the query. */
function entryKey(namespace: string, query: string): string {
  return `${namespace} ${query}`;
}

function entryQuery(key: string): number {
  return queryNumber(key.slice(key.indexOf(' ') + 1));
}

/** What `createDemandModels` does, without its timers. */
function createVirtualModels(
  world: World,
  entries: Map<string, HeldEntry>,
): Pick<DemandModels, 'hold' | 'close'> {
  const source = askedJointly(world, createVirtualSource(world));
  return {
    hold({ source: { namespace }, ...asked }, onUpdate) {
      const key = entryKey(namespace, asked.query);
      const others = () => olderEntries(world, entries, key);
      const entry = entries.get(key) ?? openEntry(world, source, { namespace, ...asked }, others);
      entries.set(key, entry);
      const listener = () => onUpdate();
      entry.listeners.add(listener);
      const { firstObserved, firstHistory } = entry;
      const model = withMethods(entry.model, {
        follow(followerKey, create, isSettled) {
          const following = entry.model.follow(followerKey, create, isSettled);
          entry.isBehind ||= following.current() === undefined && entry.model.health().rows > 0;
          return following;
        },
      });
      return {
        model,
        firstObserved,
        firstHistory,
        release() {
          entry.listeners.delete(listener);
          if (entry.listeners.size === 0 && entries.get(key) === entry) entries.delete(key);
        },
      };
    },
    close: async () => {},
  };
}

function openEntry(
  world: World,
  asking: HistorySource,
  { namespace, ...asked }: Parameters<typeof createDemandModel>[0] & { readonly namespace: string },
  others: () => readonly HeldEntry[],
): HeldEntry {
  const witness = createWitness();
  const clock = () => world.clockSeconds;
  const query = queryNumber(asked.query);
  const source = witnessedSource(asking, witness, asked.emptyIsZero);
  const identity = identityOf({ namespace, asked });
  /** What other replicas have learned, as production asks them for it. */
  const peers = {
    async *ask() {
      for (const other of others()) {
        const snapshot = await other.model.snapshot();
        if (snapshot === undefined) continue;
        witness.highestRow = Math.max(witness.highestRow, other.witness.highestRow);
        yield packSnapshot(snapshot, identity);
      }
    },
  };
  const words = { query: asked.query, source: 'virtual', log: silentLogger };
  const real = createDemandModel(
    asked,
    { name: 'virtual', source },
    {
      ...{ freshSeconds, clock, log: silentLogger, onRefresh() {} },
      eventsNow: () => calendarNow(world, query),
      archive: createVirtualArchive(world, query, witness),
      snapshots: createSnapshotPlace({ peers }, { identity, ...words }),
    },
  );
  const model = witnessedModel(real, witness, { faultNow: () => modelFault(world, query), clock });
  const listeners = new Set<() => void>();
  const times = { observedFor: quantised(clock(), refreshSeconds), historyFor: clock() };
  return {
    model,
    witness,
    listeners,
    firstObserved: model.refreshObserved(times.observedFor, signal).then(() => announce(listeners)),
    firstHistory: model.refreshHistory(times.historyFor, signal).then(() => announce(listeners)),
    ...times,
    isBehind: false,
    holdsEarlier: false,
  };
}

async function refreshEntry(world: World, query: number, entry: HeldEntry): Promise<void> {
  const { model } = entry;
  const nowSeconds = world.clockSeconds;
  const observedFor = quantised(nowSeconds, refreshSeconds);
  if (observedFor !== entry.observedFor && sourceFault(world, query, 'instant')?.kind !== 'hang') {
    entry.observedFor = observedFor;
    await model.refreshObserved(observedFor, signal);
    decideAnew(world, query, entry);
  }
  const step = model.stepSeconds;
  const isDue = quantised(nowSeconds, step) !== quantised(entry.historyFor, step);
  if (isDue && sourceFault(world, query, 'range')?.kind !== 'hang') {
    entry.historyFor = nowSeconds;
    await model.refreshHistory(nowSeconds, signal);
    await followEvents(world, query, entry);
    decideAnew(world, query, entry);
  }
}

/** Turns of the event loop within which a past is learned anew, if the source gives it. */
const mostTurns = 20;

/** Learns the past with events that have become others, as production does beside its answers. */
async function followEvents(world: World, query: number, { model, ...entry }: HeldEntry): Promise<void> {
  if (!model.hasOtherEvents()) return;
  for (let turn = 0; turn < mostTurns && model.hasOtherEvents(); turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (sourceFault(world, query, 'range') !== undefined) return;
    await model.refreshHistory(entry.historyFor, signal);
  }
}

function decideAnew(world: World, query: number, entry: HeldEntry): void {
  announce(entry.listeners);
  if (modelFault(world, query) === undefined) entry.holdsEarlier = false;
}

async function catchUp(world: World, query: number, entry: HeldEntry): Promise<void> {
  if (sourceFault(world, query, 'range') !== undefined) return;
  entry.isBehind = false;
  entry.holdsEarlier = true;
  await entry.model.refreshHistory(entry.historyFor, signal);
  decideAnew(world, query, entry);
}

/** A listener that fails ends no loop (see `announce` in demand-models.ts). */
function announce(listeners: ReadonlySet<() => void>): void {
  for (const listener of listeners) {
    try {
      listener();
    } catch {
      // Production logs it.
    }
  }
}

export function quantised(nowSeconds: number, intervalSeconds: number): number {
  return Math.floor(nowSeconds / intervalSeconds) * intervalSeconds;
}
