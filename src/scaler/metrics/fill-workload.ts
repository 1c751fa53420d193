import {
  achievedService,
  budgetLeftRatio,
  type ClusterStanding,
  type Decision,
  type HorizonAccuracy,
  type ServiceOutcome,
  servedPolicies,
  type WorkloadView,
} from '../../forecast/index.ts';
import type { WorkloadMetric } from './workload-metrics.ts';

const exportedQuantiles = [0.5, 0.9, 0.99];
/** Shares of the trigger's horizon that are exported: of the usual 2 h, these are 5, 15, 30, 60 and 120 minutes. */
const exportedHorizonShares = [1 / 24, 1 / 8, 1 / 4, 1 / 2, 1];
/** What the signal rests on; `blind` while nothing fresh is observed, `none` when an error is served. */
const states = ['forecast', 'observed', 'blind', 'none'] as const;

/** The label of a workload whose trigger has no `unit`: titles of dashboards read well with it. */
const unnamedUnit = 'units of the query';

/** Sets one metric of a workload; undefined leaves it out. */
type SetMetric = (name: WorkloadMetric, value: number | undefined, labels?: Record<string, string>) => void;

/** Sets every metric of one workload to what is in memory at this moment. */
export function fillWorkload(workload: WorkloadView, nowSeconds: number, set: SetMetric): void {
  const { model } = workload;
  const decision = workload.decision();
  const observed = model.observed();
  set('forescale_workload_info', 1, { unit: workload.unit ?? unnamedUnit });
  set('forescale_threshold', workload.threshold);
  set('forescale_observed', observed?.value);
  set(
    'forescale_observation_age_seconds',
    observed === undefined ? undefined : nowSeconds - observed.atSeconds,
  );
  set('forescale_history_age_seconds', nowSeconds - model.newestSeconds());
  for (const state of states) set('forescale_state', state === stateOf(decision) ? 1 : 0, { state });
  if (decision !== undefined) {
    set('forescale_signal', decision.signal);
    set('forescale_replicas_wanted', Math.ceil(decision.signal / workload.threshold));
    set('forescale_active', decision.active ? 1 : 0);
    set('forescale_predicted_peak', decision.predictedPeak);
    set('forescale_forecast_trust', decision.trust);
    set('forescale_decision_window_seconds', decision.windowSeconds);
  }
  fillOutcome(workload.outcome(), set);
  fillCluster(workload.cluster(), set);
  fillForecast(workload, set);
  for (const accuracy of scoredHorizons(workload)) {
    const horizon = String(accuracy.horizonSeconds);
    set('forescale_forecast_wape', accuracy.wape, { horizon });
    for (const [quantile, share] of Object.entries(accuracy.coverage))
      set('forescale_forecast_coverage', share, { horizon, quantile });
    for (const [expert, weight] of Object.entries(accuracy.weights))
      set('forescale_model_weight', weight, { horizon, expert });
  }
}

/**
 * The scored horizons that are nearest to the exported ones; exporting all would make a hundred series for each workload. A horizon
 * of which no forecast has come due has no accuracy yet, and a coverage of 0 would be an alert.
 */
function scoredHorizons({ model, horizonSeconds }: WorkloadView): readonly HorizonAccuracy[] {
  const scored = model.accuracy().filter(({ count }) => count > 0);
  const nearest = exportedHorizonShares.map((share) => {
    const wanted = share * horizonSeconds;
    const distance = (one: HorizonAccuracy) => Math.abs(Math.log(one.horizonSeconds / wanted));
    return scored.reduce<HorizonAccuracy | undefined>(
      (best, one) => (best === undefined || distance(one) < distance(best) ? one : best),
      undefined,
    );
  });
  return [...new Set(nearest)].filter((one) => one !== undefined);
}

function fillOutcome(outcome: ServiceOutcome | undefined, set: SetMetric): void {
  if (outcome === undefined) return;
  const { windows, counted } = outcome;
  set('forescale_asked_level', outcome.askedLevel);
  set('forescale_headroom_ratio', outcome.headroom);
  set('forescale_error_budget_left_ratio', budgetLeftRatio(outcome));
  for (const [window, span] of Object.entries(windows))
    set('forescale_achieved_service', achievedService(span, 'forescale'), { window });
  for (const policy of servedPolicies) {
    set('forescale_short_seconds_total', counted[policy].shortSeconds, { policy });
    set('forescale_replica_seconds_total', counted[policy].replicaSeconds, { policy });
  }
}

function stateOf(decision: Decision | undefined): (typeof states)[number] {
  if (decision === undefined) return 'none';
  if (!decision.fresh) return 'blind';
  return decision.basis === 'forecast' ? 'forecast' : 'observed';
}

function fillCluster({ leadTime, hpaTolerance }: ClusterStanding, set: SetMetric): void {
  set('forescale_lead_time_seconds', leadTime.seconds);
  set('forescale_lead_time_learned_seconds', leadTime.learned?.p95Seconds);
  set('forescale_lead_time_starts', leadTime.learned?.starts);
  set('forescale_hpa_tolerance', hpaTolerance.up);
}

function fillForecast({ model, horizonSeconds }: WorkloadView, set: SetMetric): void {
  const { gridSeconds } = model;
  const forecast = model.forecast({
    horizonSteps: Math.max(1, Math.floor(horizonSeconds / gridSeconds)),
    quantiles: exportedQuantiles,
  });
  if (forecast.status !== 'ok') return;
  for (const share of exportedHorizonShares) {
    const index = Math.max(0, Math.round((horizonSeconds * share) / gridSeconds) - 1);
    const horizon = (index + 1) * gridSeconds;
    for (const quantile of exportedQuantiles) {
      const value = forecast.quantiles[String(quantile)]?.[index];
      set('forescale_forecast', value, { horizon: String(horizon), quantile: String(quantile) });
    }
  }
}
