import { markingCensored } from '../history/censored.ts';
import type { HistorySource, InstantResult, RangeReader } from '../history/source.ts';
import { createHistoryTail } from '../history/tail.ts';
import type { Clock } from '../platform/clock.ts';
import { type ForescaleError, toForescaleError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { createForecaster, type Learning } from './core/index.ts';
import { replay } from './replay.ts';
import type { DemandModelView, ModelHealth } from './workload-view.ts';

/** What a model learns, and how; with the source it makes a model's identity. */
export interface DemandQuery {
  readonly query: string;
  readonly replicasQuery: string | undefined;
  /** Demand one replica can carry at most; with `replicasQuery` it tells rows that were cut off. */
  readonly capacityPerReplica?: number | undefined;
  /** An empty answer is zero demand by the user's own word (`ignoreNullValues: "true"`). */
  readonly emptyIsZero: boolean;
  readonly stepSeconds: number;
  readonly seasonsSeconds: readonly number[] | undefined;
  /** Farthest horizon to calibrate, where it is beyond the shortest season. */
  readonly maxHorizonSeconds: number | undefined;
  readonly historySeconds: number;
  /** IANA zone whose clocks the seasons follow; undefined = UTC. */
  readonly timeZone?: string | undefined;
}

export interface DemandModelOptions extends DemandQuery {
  readonly source: HistorySource;
  /** The source's name for people, without credentials. */
  readonly sourceName: string;
  /** An answer older than this is not "now" any more. */
  readonly freshSeconds: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onRefresh: (outcome: RefreshOutcome) => void;
}

/** What a refresh came to. */
export interface RefreshOutcome {
  readonly what: 'observed' | 'history';
  readonly seconds: number;
  readonly error: ForescaleError | undefined;
}

/** A demand model that keeps itself fresh from its source, when told to. */
export interface DemandModel extends DemandModelView {
  /** Asks for the observed value as of `atSeconds`. Never rejects: a failure is kept in `health()`. */
  refreshObserved(atSeconds: number, signal: AbortSignal): Promise<void>;
  /** Reads what is new of the history and learns it, in slices that leave the event loop free. Never rejects. */
  refreshHistory(atSeconds: number, signal: AbortSignal): Promise<void>;
}

/** The source for rows to learn; they say where they are at capacity when it is known what that is. */
function historyOf({ source, replicasQuery, capacityPerReplica }: DemandModelOptions): RangeReader {
  return replicasQuery === undefined || capacityPerReplica === undefined
    ? source
    : markingCensored(source, { replicasQuery, capacityPerReplica });
}

/** One query against one source: its newest value, its history and what was learned from it. */
export function createDemandModel(options: DemandModelOptions): DemandModel {
  const { source, query, stepSeconds, seasonsSeconds, maxHorizonSeconds, timeZone, clock, log } = options;
  const forecaster = createForecaster({ stepSeconds, seasonsSeconds, maxHorizonSeconds, timeZone });
  const tail = createHistoryTail({
    source: historyOf(options),
    query,
    stepSeconds,
    windowSeconds: options.historySeconds,
  });
  let observed: { value: number; atSeconds: number } | undefined;
  /** What went wrong last, until it goes well again; reading the one says nothing of the other. */
  const errors: { [W in RefreshOutcome['what']]?: ModelHealth['lastError'] } = {};
  let warnings: readonly string[] = [];
  let rows = 0;
  let caughtUp = false;

  async function attempt(
    what: RefreshOutcome['what'],
    signal: AbortSignal,
    work: () => Promise<void>,
  ): Promise<void> {
    const startedSeconds = clock();
    let failure: ForescaleError | undefined;
    try {
      await work();
    } catch (thrown) {
      // Told to stop: nobody waits for it any more, and nothing has failed.
      if (signal.aborted) return;
      failure = toForescaleError(thrown);
      errors[what] = { code: failure.code, message: failure.message, atSeconds: clock() };
      log.warn(
        { what, query, source: options.sourceName, code: failure.code, error: failure.message },
        'refresh-failed',
      );
    }
    options.onRefresh({ what, seconds: clock() - startedSeconds, error: failure });
  }

  async function readObserved(atSeconds: number, signal: AbortSignal): Promise<void> {
    const answer = await source.instant({ query, atSeconds, signal });
    const value = answer.kind === 'value' ? answer.value : await demandWithout(answer, atSeconds, signal);
    if (value === undefined) return;
    // Answers come one after the other, so this is the newest, even where the clock went back since the one before.
    observed = { value: Math.max(0, value), atSeconds };
    errors.observed = undefined;
  }

  /**
   * An empty answer is missing data unless the user says it is zero or no replica is there to report any. NaN and
   * infinities (a ratio without a denominator) are never zero by the user's word: there is something, and it is not known.
   */
  async function demandWithout(
    { reason, isEmpty }: Extract<InstantResult, { kind: 'missing' }>,
    atSeconds: number,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    if (isEmpty && options.emptyIsZero) return 0;
    if (options.replicasQuery !== undefined) {
      const replicas = await source.instant({ query: options.replicasQuery, atSeconds, signal });
      if (replicas.kind === 'value' && replicas.value === 0) return 0;
    }
    errors.observed = { code: 'no-data', message: reason, atSeconds };
    return undefined;
  }

  async function readHistory(atSeconds: number, signal: AbortSignal): Promise<void> {
    const fresh = await tail.read(atSeconds, signal);
    rows += fresh.timestamps.length;
    warnings = fresh.warnings;
    await replay(forecaster, fresh, { signal });
    caughtUp = true;
    errors.history = undefined;
  }

  return {
    query,
    source: options.sourceName,
    stepSeconds,
    gridSeconds: forecaster.gridSeconds,
    rateWindowSeconds: source.rateWindowSeconds(query),
    refreshObserved: (atSeconds, signal) =>
      attempt('observed', signal, () => readObserved(atSeconds, signal)),
    refreshHistory: (atSeconds, signal) => attempt('history', signal, () => readHistory(atSeconds, signal)),
    observed: () => observed,
    forecast: (request) => (caughtUp ? forecaster.forecast(request) : stillReading()),
    peak: (request) => (caughtUp ? forecaster.peak(request) : stillReading()),
    accuracy: () => forecaster.accuracy(),
    explain: (request) => (caughtUp ? forecaster.explain(request) : stillReading()),
    history: (fromSeconds, toSeconds) => forecaster.history(fromSeconds, toSeconds),
    newestSeconds: () => forecaster.newestSeconds,
    health: () => ({
      state: stateNow(),
      lastSuccessSeconds: observed?.atSeconds,
      lastError: lastError(),
      rows,
      warnings,
    }),
  };

  /** What keeps a value from being served comes before what keeps a forecast from being made. */
  function lastError(): ModelHealth['lastError'] {
    return errors.observed ?? errors.history;
  }

  /** While the first history is replayed the forecaster stands somewhere in the past: it must not be heard. */
  function stillReading(): Learning {
    const message =
      errors.history === undefined
        ? `its history is being read (${rows} rows so far)`
        : `its history cannot be read: ${errors.history.message}`;
    return {
      status: 'learning',
      origin: forecaster.newestSeconds,
      reasons: [{ code: 'insufficient-history', message }],
    };
  }

  function stateNow(): ModelHealth['state'] {
    if (!caughtUp && lastError() === undefined) return 'loading';
    const fresh = observed !== undefined && Math.abs(clock() - observed.atSeconds) <= options.freshSeconds;
    return fresh ? 'fresh' : 'blind';
  }
}
