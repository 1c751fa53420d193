import { archivedTail, type SeriesArchive } from '../history/archive/archived-tail.ts';
import { rollUpSecondsOf } from '../history/archive/roll-ups/roll-up.ts';
import { markingCensored } from '../history/censored.ts';
import { fillingEmpty } from '../history/empty-is-zero.ts';
import type { HistorySource, NamedSource, RangeReader } from '../history/source.ts';
import { createHistoryTail, type HistoryTail } from '../history/tail.ts';
import type { Clock } from '../platform/clock.ts';
import type { ForescaleError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { eventsWithEffects } from './archived/applied-effects.ts';
import { createSeriesEffects, type SeriesEffects } from './archived/series-effects.ts';
import { digestOfEvents, noEvents } from './calendar/event-feed.ts';
import { type CalendarEvent, gridSecondsFor } from './core/index.ts';
import type { DemandQuery } from './demand-query.ts';
import { atOnce, type TakeTurn } from './first-reads.ts';
import type { Following, KeptFollower } from './following.ts';
import { readObservedDemand } from './observed-demand.ts';
import { forecastOfPast } from './past-forecast.ts';
import { createRefreshes, type RefreshOutcome } from './refresh.ts';
import type { ReplayThreads } from './replays/replay-job.ts';
import { createLearnedHistory } from './snapshots/learned-history.ts';
import type { Snapshot } from './snapshots/snapshot.ts';
import type { SnapshotPlace } from './snapshots/snapshot-place.ts';
import type { DemandModelView, ModelHealth, Observation } from './workload-view.ts';

/** What a model needs of its surroundings. */
export interface DemandModelSetting {
  /** An observed value that is older than this is not fresh. */
  readonly freshSeconds: number;
  /** Age from which a row of the history no longer changes; at least, and by default, one step. */
  readonly settleSeconds?: number | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onRefresh: (outcome: RefreshOutcome) => void;
  /** Where what was learned is found and kept; undefined = nowhere. */
  readonly snapshots?: SnapshotPlace | undefined;
  /** Bounds how many models read their history for the first time at once; by default nothing does. */
  readonly takeTurn?: TakeTurn | undefined;
  /** Where long histories are learned; by default in the thread that asks. */
  readonly threads?: ReplayThreads | undefined;
  /** The events of its workloads now; by default there are none. */
  readonly eventsNow?: (() => readonly CalendarEvent[]) | undefined;
  /** Called when the past was learned with other events: the next read of the history goes on with them. */
  readonly onEventsLearned?: (() => void) | undefined;
  /** Where demand of this query is archived; by default it is not. */
  readonly archive?: SeriesArchive | undefined;
}

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
  { name, source }: NamedSource,
  setting: DemandModelSetting,
): DemandModel {
  const { freshSeconds, settleSeconds = 0, clock, log, onRefresh } = setting;
  const { query, stepSeconds, shownQuery = query } = asked;
  const ageSeconds = Math.max(stepSeconds, settleSeconds);
  const effects = effectsOf(asked, setting.archive);
  const eventsNow = eventsOf(setting, effects);
  const history = learnedHistory(asked, source, ageSeconds, { ...setting, eventsNow });
  const refreshes = createRefreshes({ query: shownQuery, sourceName: name, clock, log, onRefresh });
  let observed: Observation | undefined;

  /** A failure that keeps a value from being served comes before one that keeps a forecast from being made. */
  const lastError = () => refreshes.error('observed') ?? refreshes.error('history');

  function stateNow(): ModelHealth['state'] {
    if (!history.isCaughtUp && lastError() === undefined) return 'loading';
    const isFresh = observed !== undefined && Math.abs(clock() - observed.atSeconds) <= freshSeconds;
    return isFresh ? 'fresh' : 'blind';
  }

  const historyFailure = () => refreshes.error('history')?.message;
  return {
    query: shownQuery,
    source: name,
    stepSeconds,
    gridSeconds: history.forecaster.gridSeconds,
    settleSeconds: ageSeconds,
    ...{ follow: history.follow, snapshot: history.snapshot, effects },
    rateWindowSeconds: source.rateWindowSeconds(query),
    queryWarnings: source.queryWarnings?.(query) ?? [],
    refreshObserved: (atSeconds, signal) =>
      refreshes.attempt('observed', signal, async () => {
        const demand = await readObservedDemand(asked, { source, freshSeconds }, atSeconds, signal);
        const missing = (message: string) => ({ code: 'no-data', message, atSeconds }) as const;
        if (demand.kind === 'missing') return missing(demand.reason);
        if (demand.isPartial && demand.value < (observed?.value ?? 0)) return missing(partialAnswer);
        // Refreshes run one after the other, so this value is the newest, even where the clock went back in between.
        observed = { value: demand.value, atSeconds, previousValue: observed?.value };
        return undefined;
      }),
    refreshHistory: (atSeconds, signal) =>
      refreshes.attempt('history', signal, async () => {
        await history.read(atSeconds, signal);
        return undefined;
      }),
    observed: () => observed,
    forecast: (request) => history.answer((forecaster) => forecaster.forecast(request), historyFailure()),
    peak: (request) => history.answer((forecaster) => forecaster.peak(request), historyFailure()),
    explain: (request) => history.answer((forecaster) => forecaster.explain(request), historyFailure()),
    forecastOfPast: (request, signal) =>
      forecastOfPast(history.forecaster, { ...asked.model, events: history.events }, request, signal),
    accuracy: () => history.forecaster.accuracy(),
    events: () => history.events,
    eventsAhead: (untilSeconds) => history.forecaster.eventsAhead(untilSeconds),
    hasOtherEvents: () => digestOfEvents(history.events) !== digestOfEvents(eventsNow()),
    history: (fromSeconds, toSeconds) => history.forecaster.history(fromSeconds, toSeconds),
    newestSeconds: () => history.forecaster.newestSeconds,
    health: () => ({
      state: stateNow(),
      lastSuccessSeconds: observed?.atSeconds,
      lastError: lastError(),
      rows: history.rows,
      warnings: history.warnings,
      archivedSinceSeconds: setting.archive?.oldestSeconds(),
      effects: effects?.events() ?? [],
    }),
  };
}

/** What the calendars say now, with what the archive shows. */
function eventsOf({ eventsNow = () => noEvents }: DemandModelSetting, effects: SeriesEffects | undefined) {
  return effects === undefined ? eventsNow : eventsWithEffects(eventsNow, () => effects.events());
}

function learnedHistory(
  asked: DemandQuery,
  source: HistorySource,
  settleSeconds: number,
  setting: DemandModelSetting,
) {
  const { takeTurn = atOnce, snapshots, archive, eventsNow = () => noEvents } = setting;
  const { query, stepSeconds, historySeconds: windowSeconds } = asked;
  const options = { query, stepSeconds, windowSeconds, settleSeconds };
  return createLearnedHistory({
    forecasterOptions: (events) => ({ stepSeconds, ...asked.model, events }),
    eventsNow,
    onEventsLearned: setting.onEventsLearned,
    onEventsRefused: (reason) =>
      setting.log.warn({ query: asked.shownQuery ?? query, reason }, 'calendar-not-learned'),
    createTail(readUntilSeconds, knownUntilSeconds) {
      const reader = historyOf(asked, source, knownUntilSeconds);
      return tailOf(asked, createHistoryTail({ ...options, source: reader, readUntilSeconds }), archive);
    },
    takeTurn,
    clock: setting.clock,
    threads: setting.threads,
    snapshots,
    mostAgeSeconds: windowSeconds / 2,
  });
}

const partialAnswer =
  'the source says that part of the data is missing, and its value is lower than the last one, which is held';

/** The rows of the history, which are archived as they are read where there is an archive for them. */
function tailOf(asked: DemandQuery, tail: HistoryTail, archive: SeriesArchive | undefined): HistoryTail {
  return archive === undefined || !isArchived(asked) ? tail : archivedTail(tail, archive, asked);
}

function effectsOf(asked: DemandQuery, archive: SeriesArchive | undefined): SeriesEffects | undefined {
  if (archive === undefined || !isArchived(asked)) return undefined;
  const lengthSeconds = rollUpSecondsOf(asked.stepSeconds);
  return createSeriesEffects(archive, { lengthSeconds, timeZone: asked.model.timeZone });
}

/** Days that are compressed into minutes are none any more in roll-ups of five. */
function isArchived({ stepSeconds, model }: DemandQuery): boolean {
  return gridSecondsFor(stepSeconds, model.seasonsSeconds?.[0]) >= rollUpSecondsOf(stepSeconds);
}

/**
 * The source of the rows to learn: where an empty answer means no demand they are zeros, and they are marked where demand was
 * cut off, if it is known at which capacity. It follows one reading, which goes on where there are rows already.
 */
function historyOf(
  asked: DemandQuery,
  source: HistorySource,
  knownUntilSeconds: number | undefined,
): RangeReader {
  const { replicasQuery, capacityPerReplica } = asked;
  const filled = fillingEmpty(source, { ...asked, knownUntilSeconds });
  return replicasQuery === undefined || capacityPerReplica === undefined
    ? filled
    : markingCensored(filled, { replicasQuery, capacityPerReplica });
}
