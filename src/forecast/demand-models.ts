import type { SeriesArchive } from '../history/archive/archived-tail.ts';
import { rollUpSecondsOf } from '../history/archive/roll-ups/roll-up.ts';
import type { SeriesId } from '../history/archive/series-archive.ts';
import type { NamedSource, SourceWish } from '../history/source.ts';
import { ForescaleError } from '../platform/errors.ts';
import { withoutUserInfo } from '../platform/without-user-info.ts';
import { archiveKey } from './archived/archive-key.ts';
import { startRenewing } from './archived/renew-effects.ts';
import { type EventFeed, joinedEvents } from './calendar/event-feed.ts';
import { createDemandModel, type DemandModel, type DemandModelSetting } from './demand-model.ts';
import type { DemandQuery } from './demand-query.ts';
import { createFirstReads } from './first-reads.ts';
import { phaseOf, quantised, startLoop } from './refresh-loop.ts';
import { identityOf, packSnapshot, type SnapshotIdentity } from './snapshots/packed-snapshot.ts';
import { createSnapshotPlace, type SnapshotPlaces } from './snapshots/snapshot-place.ts';

/** Grants a source or throws a ForescaleError (`address-not-allowed`, `invalid-argument`). */
export type ResolveSource = (wish: SourceWish) => NamedSource;

/** What identifies a model: workloads that ask for the same share one model, whatever their thresholds. */
export interface ModelRequest extends DemandQuery {
  readonly source: SourceWish;
}

export interface DemandModelsOptions
  extends Omit<DemandModelSetting, 'takeTurn' | 'archive' | 'snapshots' | 'eventsNow' | 'onEventsLearned'> {
  readonly resolveSource: ResolveSource;
  /** Where what models have learned is found and kept; undefined = nowhere. */
  readonly snapshots?: SnapshotPlaces | undefined;
  /** Interval between two questions for the observed value. */
  readonly refreshIntervalSeconds: number;
  /** The archive of a series, if demand is archived. */
  readonly archiveOf?: ((series: SeriesId) => SeriesArchive) | undefined;
}

export interface HeldModel {
  readonly model: DemandModel;
  /** Settles when the first attempt to observe is over, successful or not. */
  readonly firstObserved: Promise<void>;
  /** Settles when the first attempt to read the history is over, successful or not. */
  readonly firstHistory: Promise<void>;
  /** Lets go of the model, which stops refreshing when nobody holds it. */
  release(): void;
}

export interface DemandModels {
  /**
   * The model for a request, refreshed in the background while somebody holds it; `onUpdate` is called after each refresh. Its events are
   * those of all who hold it, because they ask for the same demand.
   */
  hold(request: ModelRequest, onUpdate: () => void, feed?: EventFeed): HeldModel;
  /** Lets models whose events have become others learn them now, and not when their next rows are due. */
  followEvents(): void;
  /**
   * What the model of that name among snapshots has learned by now, packed for another replica; undefined where there is none, or
   * before it has caught up. `of` says whether it may be one whose trigger has what may be a secret.
   */
  snapshot(name: string, of: 'any' | 'without-secrets'): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

/** Who holds a model; each is one of its own, even where two pass the same function or feed. */
interface Holder {
  readonly onUpdate: () => void;
  readonly feed: EventFeed | undefined;
}

interface Entry extends Omit<HeldModel, 'release'> {
  readonly request: ModelRequest;
  readonly identity: SnapshotIdentity;
  readonly holders: Set<Holder>;
  readonly wake: () => void;
  readonly stop: AbortController;
  readonly loops: Promise<unknown>;
}

/** Keeps one demand model per request, each with its own two refresh loops. */
export function createDemandModels(options: DemandModelsOptions): DemandModels {
  const entries = new Map<string, Entry>();
  /** The same by their names among snapshots. */
  const named = new Map<string, Entry>();
  const effectsNow = function* () {
    for (const { model } of entries.values()) yield model.effects;
  };
  const renewing = startRenewing(effectsNow, options.clock);
  const firstReads = createFirstReads();
  return {
    hold(request, onUpdate, feed) {
      const key = JSON.stringify(request);
      const holder: Holder = { onUpdate, feed };
      const entry = entries.get(key) ?? openEntry(request, new Set([holder]), options, firstReads);
      entries.set(key, entry);
      named.set(entry.identity.name, entry);
      entry.holders.add(holder);
      if (entry.model.hasOtherEvents()) entry.wake();
      return {
        model: entry.model,
        firstObserved: entry.firstObserved,
        firstHistory: entry.firstHistory,
        release() {
          entry.holders.delete(holder);
          if (entry.holders.size > 0 || entries.get(key) !== entry) return;
          entries.delete(key);
          named.delete(entry.identity.name);
          entry.stop.abort(new ForescaleError('not-found', 'the workload was forgotten'));
        },
      };
    },
    followEvents() {
      for (const { model, wake } of entries.values()) if (model.hasOtherEvents()) wake();
    },
    async snapshot(name, of) {
      const entry = named.get(name);
      if (entry === undefined || (of === 'without-secrets' && mayHaveSecrets(entry.request)))
        return undefined;
      const snapshot = await entry.model.snapshot();
      return snapshot && packSnapshot(snapshot, entry.identity);
    },
    async close() {
      renewing.stop();
      const open = [...entries.values()];
      entries.clear();
      named.clear();
      for (const entry of open)
        entry.stop.abort(new ForescaleError('source-unreachable', 'the server is stopping'));
      await Promise.all(open.map((entry) => entry.loops));
    },
  };
}

/** A query that goes on failing is asked no less often than every third interval, because its workload is blind meanwhile. */
const observedRatio = 3;
/** A history that cannot be read time and again is asked for this often: its queries cost the source most. */
const longestHistorySeconds = 300;

function openEntry(
  request: ModelRequest,
  holders: Set<Holder>,
  options: DemandModelsOptions,
  firstReads: ReturnType<typeof createFirstReads>,
): Entry {
  const { clock, log, refreshIntervalSeconds } = options;
  const stop = new AbortController();
  const { signal } = stop;
  const named = options.resolveSource(request.source);
  const takeTurn = firstReads(named.name, request.source.namespace);
  const lengthSeconds = rollUpSecondsOf(request.stepSeconds);
  const mostRows = Math.floor(lengthSeconds / request.stepSeconds);
  const archive = options.archiveOf?.({ key: archiveKey(request), lengthSeconds, mostRows });
  const identity = snapshotIdentity(request, named, options);
  const { query, shownQuery = query } = request;
  const snapshots =
    options.snapshots &&
    createSnapshotPlace(options.snapshots, { identity, query: shownQuery, source: named.name, log });
  const eventsNow = joinedEvents(() => [...holders].flatMap(({ feed }) => feed ?? []));
  const learnedEvents = wakingWhenLearned(() => history.wake());
  const { onEventsLearned } = learnedEvents;
  const model = createDemandModel(request, named, {
    ...options,
    ...{ takeTurn, archive, snapshots, eventsNow, onEventsLearned },
  });
  const announce = () => {
    for (const { onUpdate } of holders) {
      try {
        onUpdate();
      } catch (error) {
        // A holder that fails must not end the loop that keeps the model fresh for all.
        log.error({ query: model.query, error: String(error) }, 'decision-failed');
      }
    }
  };
  const announced = async (refresh: Promise<ForescaleError | undefined>) => {
    const failure = await refresh;
    announce();
    return failure;
  };
  // The history changes once per step, so it is read no more often than that.
  const historyIntervalSeconds = Math.max(request.stepSeconds, refreshIntervalSeconds);
  const caller = `${named.name} ${request.source.namespace}`;
  const phaseSeconds = phaseOf(caller, request.query, refreshIntervalSeconds);
  const loop = { clock, signal, phaseSeconds };
  const now = () => quantised(clock(), refreshIntervalSeconds, phaseSeconds);
  const observed = startLoop(() => announced(model.refreshObserved(now(), signal)), {
    ...loop,
    intervalSeconds: refreshIntervalSeconds,
    longestSeconds: observedRatio * refreshIntervalSeconds,
  });
  const readHistory = learnedEvents.around(() => announced(model.refreshHistory(clock(), signal)));
  const history = startLoop(readHistory, {
    ...loop,
    intervalSeconds: historyIntervalSeconds,
    longestSeconds: longestHistorySeconds,
  });
  // What comes later does not wait for the next step, which may be an hour away.
  const follow: DemandModel['follow'] = (key, create, isSettled) => {
    const following = model.follow(key, create, isSettled);
    if (following.current() === undefined) history.wake();
    return following;
  };
  const loops = Promise.allSettled([observed.ended, history.ended]);
  return {
    model: { ...model, follow },
    ...{ request, identity },
    holders,
    wake: history.wake,
    firstObserved: observed.first,
    firstHistory: history.first,
    stop,
    loops,
  };
}

/** Wakes a loop when other events were learned. One that is at work cannot be woken; it looks when it is done. */
function wakingWhenLearned(wake: () => void) {
  let areLearned = false;
  const look = () => {
    if (areLearned) wake();
  };
  return {
    onEventsLearned() {
      areLearned = true;
      look();
    },
    around:
      <T>(work: () => Promise<T>) =>
      async (): Promise<T> => {
        areLearned = false;
        const result = await work();
        setImmediate(look);
        return result;
      },
  };
}

/** A snapshot is of all that is asked, by whom, and of the place that is asked: none is gone on from by another workload. */
function snapshotIdentity(
  request: ModelRequest,
  { name, place }: NamedSource,
  { settleSeconds }: DemandModelsOptions,
): SnapshotIdentity {
  return identityOf({ request, source: { name, place }, settleSeconds });
}

/** Whether a request says what not everybody may know who may read the list of workloads. */
function mayHaveSecrets({ shownQuery, source }: ModelRequest): boolean {
  const { address = '', headers = {}, parameters = {}, concealed } = source;
  const isConcealed = concealed !== undefined || shownQuery !== undefined;
  const isExtended = Object.keys({ ...headers, ...parameters }).length > 0;
  return isConcealed || isExtended || withoutUserInfo(address) !== address;
}
