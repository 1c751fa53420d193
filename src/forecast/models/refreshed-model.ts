import type { SeriesArchive } from '../../history/archive/archived-tail.ts';
import { rollUpSecondsOf } from '../../history/archive/roll-ups/roll-up.ts';
import type { SeriesId } from '../../history/archive/series-archive.ts';
import type { NamedSource, SourceWish } from '../../history/source.ts';
import type { ForescaleError } from '../../platform/errors.ts';
import { archiveKey } from '../archived/archive-key.ts';
import { type EventFeed, joinEvents, nothingJoined } from '../calendar/event-feed.ts';
import type { CalendarEvent } from '../core/index.ts';
import { createDemandModel, type DemandModel } from '../demand-model.ts';
import type { DemandQuery } from '../demand-query.ts';
import { phaseOf, quantised, type RefreshLoop, startLoop } from '../refresh-loop.ts';
import { identityOf, type SnapshotIdentity } from '../snapshots/packed-snapshot.ts';
import { createSnapshotPlace, type SnapshotPlace, type SnapshotPlaces } from '../snapshots/snapshot-place.ts';
import type { DemandModelSetting } from './demand-model-setting.ts';
import type { TakeTurn } from './first-reads.ts';

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

/** Who holds a model; each is one of its own, even where two pass the same function or feed. */
export interface ModelHolder {
  readonly onUpdate: () => void;
  readonly feed: EventFeed | undefined;
}

/** What the models of one server have in common. */
export interface ModelSurroundings extends DemandModelsOptions {
  /** Bounds how many models read their history for the first time at once. */
  turnOf(source: string, namespace: string): TakeTurn;
  /** Called when nobody holds a model any more. */
  onUnheld(model: RefreshedModel): void;
}

/** A query that goes on failing is asked no less often than every third interval, because its workload is blind meanwhile. */
const observedRatio = 3;
/** A history that cannot be read time and again is asked for this often: its queries cost the source most. */
const longestHistorySeconds = 300;

/**
 * A demand model that is refreshed in the background while somebody holds it. A class, because a server has one for each of ten thousand
 * workloads: its methods are there once.
 */
export class RefreshedModel implements DemandModelSetting {
  readonly key: string;
  readonly request: ModelRequest;
  readonly identity: SnapshotIdentity;
  readonly model: DemandModel;
  readonly takeTurn: TakeTurn;
  readonly archive: SeriesArchive | undefined;
  readonly snapshots: SnapshotPlace | undefined;
  readonly #surroundings: ModelSurroundings;
  readonly #phaseSeconds: number;
  readonly #stop = new AbortController();
  readonly #observed: RefreshLoop;
  readonly #history: RefreshLoop;
  /** Nearly always it is one. */
  #holders: readonly ModelHolder[];
  #joined = nothingJoined;
  #areEventsLearned = false;

  /** Begins to refresh the model for its first holder. Throws as `resolveSource` does. */
  constructor(key: string, request: ModelRequest, surroundings: ModelSurroundings, first: ModelHolder) {
    const { resolveSource, refreshIntervalSeconds, archiveOf, snapshots, log } = surroundings;
    const { query, shownQuery = query, stepSeconds, source: wish } = request;
    const named = resolveSource(wish);
    const { name } = named;
    this.key = key;
    this.request = request;
    this.#surroundings = surroundings;
    this.#holders = [first];
    this.identity = snapshotIdentity(request, named, surroundings);
    this.takeTurn = surroundings.turnOf(name, wish.namespace);
    const lengthSeconds = rollUpSecondsOf(stepSeconds);
    const mostRows = Math.floor(lengthSeconds / stepSeconds);
    this.archive = archiveOf?.({ key: archiveKey(request), lengthSeconds, mostRows });
    const { identity } = this;
    this.snapshots =
      snapshots && createSnapshotPlace(snapshots, { identity, query: shownQuery, source: name, log });
    this.#phaseSeconds = phaseOf(`${name} ${wish.namespace}`, query, refreshIntervalSeconds);
    this.model = createDemandModel(request, named, this);
    const { clock } = surroundings;
    const { signal } = this.#stop;
    this.#observed = startLoop(() => this.#observe(), {
      clock,
      signal,
      phaseSeconds: this.#phaseSeconds,
      intervalSeconds: refreshIntervalSeconds,
      longestSeconds: observedRatio * refreshIntervalSeconds,
    });
    this.#history = startLoop(() => this.#readHistory(), {
      clock,
      signal,
      phaseSeconds: this.#phaseSeconds,
      // The history changes once per step, so it is read no more often than that.
      intervalSeconds: Math.max(stepSeconds, refreshIntervalSeconds),
      longestSeconds: longestHistorySeconds,
    });
  }

  get freshSeconds() {
    return this.#surroundings.freshSeconds;
  }

  get settleSeconds() {
    return this.#surroundings.settleSeconds;
  }

  get clock() {
    return this.#surroundings.clock;
  }

  get log() {
    return this.#surroundings.log;
  }

  get onRefresh() {
    return this.#surroundings.onRefresh;
  }

  get threads() {
    return this.#surroundings.threads;
  }

  hold(holder: ModelHolder): HeldModel {
    if (!this.#holders.includes(holder)) this.#holders = this.#holders.concat(holder);
    this.followEvents();
    return new Holding(this, holder);
  }

  /** Lets go of the model, which stops refreshing when nobody holds it. */
  letGo(holder: ModelHolder): void {
    this.#holders = this.#holders.filter((other) => other !== holder);
    if (this.#holders.length === 0) this.#surroundings.onUnheld(this);
  }

  get firstObserved(): Promise<void> {
    return this.#observed.first;
  }

  get firstHistory(): Promise<void> {
    return this.#history.first;
  }

  /** The events of all who hold it. */
  eventsNow(): readonly CalendarEvent[] {
    this.#joined = joinEvents(eventsOf(this.#holders), this.#joined);
    return this.#joined.events;
  }

  /** Wakes the loop when other events were learned. One that is at work cannot be woken; it looks when it is done. */
  onEventsLearned(): void {
    this.#areEventsLearned = true;
    this.#history.wake();
  }

  /** What comes later does not wait for the next step, which may be an hour away. */
  onLateFollower(): void {
    this.#history.wake();
  }

  /** Learns events that have become others now, and not when its next rows are due. */
  followEvents(): void {
    if (this.model.hasOtherEvents()) this.#history.wake();
  }

  /** Stops refreshing; settles when no refresh is under way. */
  async stop(reason: ForescaleError): Promise<void> {
    this.#stop.abort(reason);
    for (const loop of [this.#observed, this.#history]) loop.wake();
    await Promise.all([this.#observed.ended, this.#history.ended]);
  }

  async #observe(): Promise<ForescaleError | undefined> {
    const { refreshIntervalSeconds, clock } = this.#surroundings;
    const atSeconds = quantised(clock(), refreshIntervalSeconds, this.#phaseSeconds);
    return this.#announced(this.model.refreshObserved(atSeconds, this.#stop.signal));
  }

  async #readHistory(): Promise<ForescaleError | undefined> {
    this.#areEventsLearned = false;
    const failure = await this.#announced(this.model.refreshHistory(this.clock(), this.#stop.signal));
    setImmediate(() => {
      if (this.#areEventsLearned) this.#history.wake();
    });
    return failure;
  }

  async #announced(refresh: Promise<ForescaleError | undefined>): Promise<ForescaleError | undefined> {
    const failure = await refresh;
    for (const { onUpdate } of this.#holders) {
      try {
        onUpdate();
      } catch (error) {
        // A holder that fails must not end the loop that keeps the model fresh for all.
        this.log.error({ query: this.model.query, error: String(error) }, 'decision-failed');
      }
    }
    return failure;
  }
}

/** A model that is held. A class, as StartingFleet of the controllers is. */
class Holding implements HeldModel {
  readonly #model: RefreshedModel;
  readonly #holder: ModelHolder;

  constructor(model: RefreshedModel, holder: ModelHolder) {
    this.#model = model;
    this.#holder = holder;
  }

  get model(): DemandModel {
    return this.#model.model;
  }

  get firstObserved(): Promise<void> {
    return this.#model.firstObserved;
  }

  get firstHistory(): Promise<void> {
    return this.#model.firstHistory;
  }

  release(): void {
    this.#model.letGo(this.#holder);
  }
}

function* eventsOf(holders: readonly ModelHolder[]): Generator<readonly CalendarEvent[]> {
  for (const { feed } of holders) if (feed !== undefined) yield feed.events();
}

/** A snapshot is of all that is asked, by whom, and of the place that is asked: none is gone on from by another workload. */
function snapshotIdentity(
  request: ModelRequest,
  { name, place }: NamedSource,
  { settleSeconds }: DemandModelsOptions,
): SnapshotIdentity {
  return identityOf({ request, source: { name, place }, settleSeconds });
}
