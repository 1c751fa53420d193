import type { SeriesArchive } from '../history/archive/archived-tail.ts';
import { rollUpSecondsOf } from '../history/archive/roll-ups/roll-up.ts';
import type { HistorySource, NamedSource } from '../history/source.ts';
import type { ForescaleError } from '../platform/errors.ts';
import { AppliedEffects, type EventsNow } from './archived/applied-effects.ts';
import { createSeriesEffects, type SeriesEffects } from './archived/series-effects.ts';
import { digestOfEvents, noEvents } from './calendar/event-feed.ts';
import type {
  CalendarEvent,
  ExpectedEvent,
  ExplainRequest,
  ExplainResult,
  ForecastRequest,
  ForecastResult,
  HorizonAccuracy,
  PeakRequest,
  PeakResult,
} from './core/index.ts';
import type { DemandQuery } from './demand-query.ts';
import type { Following, KeptFollower } from './following.ts';
import type { DemandModelSetting } from './models/demand-model-setting.ts';
import { readObservedDemand } from './models/observed-demand.ts';
import { isArchived, QueryHistory } from './models/query-history.ts';
import { forecastOfPast, type PastForecastRequest } from './past-forecast.ts';
import { createRefreshes, type Refreshes } from './refresh.ts';
import { createLearnedHistory, type LearnedHistory } from './snapshots/learned-history.ts';
import type { Snapshot } from './snapshots/snapshot.ts';
import type { DemandModelView, ModelHealth, Observation } from './workload-view.ts';

/** A demand model that reads its source when a refresh is called. */
export interface DemandModel extends DemandModelView {
  /** Age at which a row of the history is learned. */
  readonly settleSeconds: number;
  /**
   * Lets a follower learn all of the history beside the forecaster. Those who ask with the same key share one, and for one that
   * comes later the history is read again. That waits for a while after a restart where `isSettled` says that another one may be
   * wanted soon; by default none will.
   */
  follow<F extends KeptFollower>(key: string, create: () => F, isSettled?: () => boolean): Following<F>;
  /** Whether its events are others than those it has learned with. */
  hasOtherEvents(): boolean;
  /** What the archive shows of the calendar; undefined where there is none. */
  readonly effects?: SeriesEffects | undefined;
  /** All that was learned by now, for another replica; undefined before it has caught up. */
  snapshot(): Promise<Snapshot | undefined>;
  /** Asks for the observed value as of `atSeconds`. Never rejects: a failure is kept in `health()` and given back. */
  refreshObserved(atSeconds: number, signal: AbortSignal): Promise<ForescaleError | undefined>;
  /** Reads and learns the rows of the history that are new. Never rejects: a failure is kept in `health()` and given back. */
  refreshHistory(atSeconds: number, signal: AbortSignal): Promise<ForescaleError | undefined>;
}

/** Creates the model of one query against one source: its observed value, its history and what was learned from it. */
export function createDemandModel(
  asked: DemandQuery,
  named: NamedSource,
  setting: DemandModelSetting,
): DemandModel {
  return new QueriedDemand(asked, named, setting);
}

const noWarnings: readonly string[] = [];

/** A class, because a server has one for each of ten thousand workloads: its methods are there once. */
class QueriedDemand implements DemandModel {
  readonly query: string;
  readonly source: string;
  readonly stepSeconds: number;
  readonly settleSeconds: number;
  readonly rateWindowSeconds: number;
  readonly queryWarnings: readonly string[];
  readonly effects: SeriesEffects | undefined;
  readonly #asked: DemandQuery;
  readonly #source: HistorySource;
  readonly #setting: DemandModelSetting;
  readonly #events: EventsNow;
  readonly #history: LearnedHistory;
  readonly #refreshes: Refreshes;
  #observed: Observation | undefined;

  constructor(asked: DemandQuery, { name, source }: NamedSource, setting: DemandModelSetting) {
    const { query, shownQuery = query, stepSeconds } = asked;
    const { settleSeconds = 0, clock, log, onRefresh } = setting;
    this.query = shownQuery;
    this.source = name;
    this.stepSeconds = stepSeconds;
    this.settleSeconds = Math.max(stepSeconds, settleSeconds);
    this.rateWindowSeconds = source.rateWindowSeconds(query);
    const warnings = source.queryWarnings?.(query) ?? noWarnings;
    this.queryWarnings = warnings.length === 0 ? noWarnings : warnings;
    this.effects = effectsOf(asked, setting.archive);
    this.#asked = asked;
    this.#source = source;
    this.#setting = setting;
    this.#events = eventsOf(setting, this.effects);
    const parts = { settleSeconds: this.settleSeconds, events: this.#events };
    this.#history = createLearnedHistory(new QueryHistory(asked, source, setting, parts));
    this.#refreshes = createRefreshes({ query: shownQuery, sourceName: name, clock, log, onRefresh });
  }

  get gridSeconds(): number {
    return this.#history.forecaster.gridSeconds;
  }

  follow<F extends KeptFollower>(key: string, create: () => F, isSettled?: () => boolean): Following<F> {
    const following = this.#history.follow(key, create, isSettled);
    if (following.current() === undefined) this.#setting.onLateFollower?.();
    return following;
  }

  snapshot(): Promise<Snapshot | undefined> {
    return this.#history.snapshot();
  }

  refreshObserved(atSeconds: number, signal: AbortSignal): Promise<ForescaleError | undefined> {
    return this.#refreshes.attempt('observed', signal, () => this.#observe(atSeconds, signal));
  }

  refreshHistory(atSeconds: number, signal: AbortSignal): Promise<ForescaleError | undefined> {
    return this.#refreshes.attempt('history', signal, async () => {
      await this.#history.read(atSeconds, signal);
      return undefined;
    });
  }

  observed(): Observation | undefined {
    return this.#observed;
  }

  forecast(request: ForecastRequest): ForecastResult {
    return this.#history.answer((forecaster) => forecaster.forecast(request), this.#historyFailure());
  }

  peak(request: PeakRequest): PeakResult {
    return this.#history.answer((forecaster) => forecaster.peak(request), this.#historyFailure());
  }

  explain(request: ExplainRequest): ExplainResult {
    return this.#history.answer((forecaster) => forecaster.explain(request), this.#historyFailure());
  }

  forecastOfPast(request: PastForecastRequest, signal: AbortSignal): Promise<ForecastResult> {
    const options = { ...this.#asked.model, events: this.events() };
    return forecastOfPast(this.#history.forecaster, options, request, signal);
  }

  accuracy(): readonly HorizonAccuracy[] {
    return this.#history.forecaster.accuracy();
  }

  events(): readonly CalendarEvent[] {
    return this.#history.events;
  }

  eventsAhead(untilSeconds: number): readonly ExpectedEvent[] {
    return this.#history.forecaster.eventsAhead(untilSeconds);
  }

  hasOtherEvents(): boolean {
    return digestOfEvents(this.events()) !== digestOfEvents(this.#events.eventsNow());
  }

  history(fromSeconds: number, toSeconds: number): ReturnType<DemandModel['history']> {
    return this.#history.forecaster.history(fromSeconds, toSeconds);
  }

  newestSeconds(): number {
    return this.#history.forecaster.newestSeconds;
  }

  health(): ModelHealth {
    return {
      state: this.#state(),
      lastSuccessSeconds: this.#observed?.atSeconds,
      lastError: this.#lastError(),
      rows: this.#history.rows,
      warnings: this.#history.warnings,
      archivedSinceSeconds: this.#setting.archive?.oldestSeconds(),
      effects: this.effects?.events() ?? [],
    };
  }

  async #observe(atSeconds: number, signal: AbortSignal): Promise<ModelHealth['lastError']> {
    const from = { source: this.#source, freshSeconds: this.#setting.freshSeconds };
    const demand = await readObservedDemand(this.#asked, from, atSeconds, signal);
    const missing = (message: string) => ({ code: 'no-data', message, atSeconds }) as const;
    if (demand.kind === 'missing') return missing(demand.reason);
    const before = this.#observed?.value;
    if (demand.isPartial && demand.value < (before ?? 0)) return missing(partialAnswer);
    // Refreshes run one after the other, so this value is the newest, even where the clock went back in between.
    this.#observed = { value: demand.value, atSeconds, previousValue: before };
    return undefined;
  }

  #state(): ModelHealth['state'] {
    if (!this.#history.isCaughtUp && this.#lastError() === undefined) return 'loading';
    const { freshSeconds, clock } = this.#setting;
    const observed = this.#observed;
    const isFresh = observed !== undefined && Math.abs(clock() - observed.atSeconds) <= freshSeconds;
    return isFresh ? 'fresh' : 'blind';
  }

  /** A failure that keeps a value from being served comes before one that keeps a forecast from being made. */
  #lastError(): ModelHealth['lastError'] {
    return this.#refreshes.error('observed') ?? this.#refreshes.error('history');
  }

  #historyFailure(): string | undefined {
    return this.#refreshes.error('history')?.message;
  }
}

const partialAnswer =
  'the source says that part of the data is missing, and its value is lower than the last one, which is held';

const withoutEvents: EventsNow = { eventsNow: () => noEvents };

/** What the calendars say now, with what the archive shows. */
function eventsOf(setting: DemandModelSetting, effects: SeriesEffects | undefined): EventsNow {
  const calendars = setting.eventsNow === undefined ? withoutEvents : (setting as EventsNow);
  return effects === undefined ? calendars : new AppliedEffects(calendars, effects);
}

function effectsOf(asked: DemandQuery, archive: SeriesArchive | undefined): SeriesEffects | undefined {
  if (archive === undefined || !isArchived(asked)) return undefined;
  const lengthSeconds = rollUpSecondsOf(asked.stepSeconds);
  return createSeriesEffects(archive, { lengthSeconds, timeZone: asked.model.timeZone });
}
