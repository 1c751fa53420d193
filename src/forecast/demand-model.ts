import { markingCensored } from '../history/censored.ts';
import type { HistorySource, NamedSource, RangeReader } from '../history/source.ts';
import { createHistoryTail } from '../history/tail.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { createForecaster } from './core/index.ts';
import type { DemandQuery } from './demand-query.ts';
import { createLearnedHistory } from './learned-history.ts';
import { readObservedDemand } from './observed-demand.ts';
import { createRefreshes, type RefreshOutcome } from './refresh.ts';
import type { DemandModelView, ModelHealth } from './workload-view.ts';

/** What a model needs of its surroundings. */
export interface DemandModelSetting {
  /** An observed value that is older than this is not fresh. */
  readonly freshSeconds: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onRefresh: (outcome: RefreshOutcome) => void;
}

/** A demand model that reads its source when a refresh is called. */
export interface DemandModel extends DemandModelView {
  /** Asks for the observed value as of `atSeconds`. Never rejects: a failure is kept in `health()`. */
  refreshObserved(atSeconds: number, signal: AbortSignal): Promise<void>;
  /** Reads and learns the rows of the history that are new. Never rejects: a failure is kept in `health()`. */
  refreshHistory(atSeconds: number, signal: AbortSignal): Promise<void>;
}

/** Creates the model of one query against one source: its observed value, its history and what was learned from it. */
export function createDemandModel(
  asked: DemandQuery,
  { name, source }: NamedSource,
  { freshSeconds, clock, log, onRefresh }: DemandModelSetting,
): DemandModel {
  const { query, stepSeconds } = asked;
  const forecaster = createForecaster({ stepSeconds, ...asked.model });
  const tail = createHistoryTail({
    source: historyOf(asked, source),
    query,
    stepSeconds,
    windowSeconds: asked.historySeconds,
  });
  const history = createLearnedHistory(forecaster, tail);
  const refreshes = createRefreshes({ query, sourceName: name, clock, log, onRefresh });
  let observed: { value: number; atSeconds: number } | undefined;

  /** A failure that keeps a value from being served comes before one that keeps a forecast from being made. */
  const lastError = () => refreshes.error('observed') ?? refreshes.error('history');

  function stateNow(): ModelHealth['state'] {
    if (!history.isCaughtUp && lastError() === undefined) return 'loading';
    const isFresh = observed !== undefined && Math.abs(clock() - observed.atSeconds) <= freshSeconds;
    return isFresh ? 'fresh' : 'blind';
  }

  const historyFailure = () => refreshes.error('history')?.message;
  return {
    query,
    source: name,
    stepSeconds,
    gridSeconds: forecaster.gridSeconds,
    rateWindowSeconds: source.rateWindowSeconds(query),
    refreshObserved: (atSeconds, signal) =>
      refreshes.attempt('observed', signal, async () => {
        const demand = await readObservedDemand(asked, source, atSeconds, signal);
        if (demand.kind === 'missing') return { code: 'no-data', message: demand.reason, atSeconds };
        // Refreshes run one after the other, so this value is the newest, even where the clock went back in between.
        observed = { value: demand.value, atSeconds };
        return undefined;
      }),
    refreshHistory: (atSeconds, signal) =>
      refreshes.attempt('history', signal, async () => {
        await history.read(atSeconds, signal);
        return undefined;
      }),
    observed: () => observed,
    forecast: (request) => history.answer(() => forecaster.forecast(request), historyFailure()),
    peak: (request) => history.answer(() => forecaster.peak(request), historyFailure()),
    explain: (request) => history.answer(() => forecaster.explain(request), historyFailure()),
    accuracy: () => forecaster.accuracy(),
    history: (fromSeconds, toSeconds) => forecaster.history(fromSeconds, toSeconds),
    newestSeconds: () => forecaster.newestSeconds,
    health: () => ({
      state: stateNow(),
      lastSuccessSeconds: observed?.atSeconds,
      lastError: lastError(),
      rows: history.rows,
      warnings: history.warnings,
    }),
  };
}

/** The source of the rows to learn; they are marked where demand was cut off, if it is known at which capacity. */
function historyOf({ replicasQuery, capacityPerReplica }: DemandQuery, source: HistorySource): RangeReader {
  return replicasQuery === undefined || capacityPerReplica === undefined
    ? source
    : markingCensored(source, { replicasQuery, capacityPerReplica });
}
