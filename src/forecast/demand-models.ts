import type { SeriesArchive } from '../history/archive/archived-tail.ts';
import { rollUpSecondsOf } from '../history/archive/roll-ups/roll-up.ts';
import type { SeriesId } from '../history/archive/series-archive.ts';
import type { NamedSource, SourceWish } from '../history/source.ts';
import { ForescaleError } from '../platform/errors.ts';
import { archiveKey } from './archived/archive-key.ts';
import { startRenewing } from './archived/renew-effects.ts';
import { type EventFeed, joinedEvents } from './calendar/event-feed.ts';
import { createDemandModel, type DemandModel, type DemandModelSetting } from './demand-model.ts';
import type { DemandQuery } from './demand-query.ts';
import { createFirstReads } from './first-reads.ts';
import { phaseOf, quantised, startLoop } from './refresh-loop.ts';
import { createSnapshotPlace, type SnapshotStore } from './snapshots/snapshot-place.ts';

/** Grants a source or throws a ForescaleError (`address-not-allowed`, `invalid-argument`). */
export type ResolveSource = (wish: SourceWish) => NamedSource;

/** What identifies a model: workloads that ask for the same share one model, whatever their thresholds. */
export interface ModelRequest extends DemandQuery {
  readonly source: SourceWish;
}

export interface DemandModelsOptions
  extends Omit<DemandModelSetting, 'takeTurn' | 'archive' | 'snapshots' | 'eventsNow' | 'onEventsLearned'> {
  readonly resolveSource: ResolveSource;
  /** Where what models have learned is kept across restarts; undefined = nowhere. */
  readonly snapshots?: SnapshotStore | undefined;
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
  close(): Promise<void>;
}

/** Who holds a model; each is one of its own, even where two pass the same function or feed. */
interface Holder {
  readonly onUpdate: () => void;
  readonly feed: EventFeed | undefined;
}

interface Entry extends Omit<HeldModel, 'release'> {
  readonly holders: Set<Holder>;
  readonly wake: () => void;
  readonly stop: AbortController;
  readonly loops: Promise<unknown>;
}

/** Keeps one demand model per request, each with its own two refresh loops. */
export function createDemandModels(options: DemandModelsOptions): DemandModels {
  const entries = new Map<string, Entry>();
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
          entry.stop.abort(new ForescaleError('not-found', 'the workload was forgotten'));
        },
      };
    },
    followEvents() {
      for (const { model, wake } of entries.values()) if (model.hasOtherEvents()) wake();
    },
    async close() {
      renewing.stop();
      const open = [...entries.values()];
      entries.clear();
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
  const snapshots = options.snapshots && placeOf(request, named, options.snapshots, options);
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
  const follow: DemandModel['follow'] = (key, create) => {
    const following = model.follow(key, create);
    if (following.current() === undefined) history.wake();
    return following;
  };
  const loops = Promise.allSettled([observed.ended, history.ended]);
  return {
    model: { ...model, follow },
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
function placeOf(
  request: ModelRequest,
  { name, place }: NamedSource,
  store: SnapshotStore,
  { settleSeconds, log }: DemandModelsOptions,
) {
  const { query, shownQuery = query } = request;
  const model = { request, source: { name, place }, settleSeconds };
  return createSnapshotPlace(store, { model, query: shownQuery, source: name, log });
}
