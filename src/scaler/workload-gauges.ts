import { Gauge, type Registry } from 'prom-client';
import type { Decision, HorizonAccuracy, WorkloadView } from '../forecast/index.ts';

const workloadLabels = ['namespace', 'name', 'trigger'] as const;
const exportedQuantiles = [0.5, 0.9, 0.99];
/** Shares of the trigger's horizon that are exported: of the usual 2 h, these are 5, 15, 30, 60 and 120 minutes. */
const exportedHorizonShares = [1 / 24, 1 / 8, 1 / 4, 1 / 2, 1];
/** What the signal rests on; `blind` while nothing fresh is observed, `none` when an error is served. */
const states = ['forecast', 'observed', 'blind', 'none'] as const;

/** Gauges of each workload, read from memory when Prometheus scrapes; name → help and labels beyond the workload's. */
export const workloadGauges = {
  forescale_signal: {
    help: 'What KEDA is told: demand to be ready for, in the unit of the query',
    labels: [],
  },
  forescale_observed: { help: 'Newest observed demand, in the unit of the query', labels: [] },
  forescale_threshold: { help: 'Demand one replica should carry, in the unit of the query', labels: [] },
  forescale_replicas_wanted: {
    help: 'Replicas the signal asks for before the limits of the HPA',
    labels: [],
  },
  forescale_active: { help: '1 while the workload should be awake', labels: [] },
  forescale_predicted_peak: {
    help: 'Bound of the peak within the decision window at the service level',
    labels: [],
  },
  forescale_forecast_trust: {
    help: 'Influence of the forecast on the signal: 1 is full, 0 is none, because it has lately been worse than the reactive rule',
    labels: [],
  },
  forescale_decision_window_seconds: { help: 'How far ahead a decision looks', labels: [] },
  forescale_forecast: { help: 'Forecast demand by horizon and quantile', labels: ['horizon', 'quantile'] },
  forescale_forecast_wape: {
    help: 'Sum of absolute errors over sum of demand, lately, by horizon',
    labels: ['horizon'],
  },
  forescale_forecast_coverage: {
    help: 'Share of demand at or below a forecast quantile, lately',
    labels: ['horizon', 'quantile'],
  },
  forescale_model_weight: {
    help: 'Weight of an expert in the forecast, by horizon',
    labels: ['horizon', 'expert'],
  },
  forescale_observation_age_seconds: { help: 'Age of the newest observed demand', labels: [] },
  forescale_history_age_seconds: { help: 'Age of the newest row learned', labels: [] },
  forescale_state: {
    help: '1 for what the signal rests on now: forecast, observed, blind, none',
    labels: ['state'],
  },
} as const satisfies Record<string, { help: string; labels: readonly string[] }>;

export type WorkloadGauge = keyof typeof workloadGauges;

/** Sets one gauge of a workload; undefined leaves it out. */
type SetGauge = (name: WorkloadGauge, value: number | undefined, labels?: Record<string, string>) => void;

/** Registers the gauges of workloads. */
export function createWorkloadGauges(registry: Registry): ReadonlyMap<WorkloadGauge, Gauge> {
  const gauges = new Map<WorkloadGauge, Gauge>();
  for (const [name, { help, labels }] of Object.entries(workloadGauges)) {
    const labelNames = [...workloadLabels, ...labels];
    gauges.set(name as WorkloadGauge, new Gauge({ name, help, labelNames, registers: [registry] }));
  }
  return gauges;
}

/** Sets every gauge of one workload to what is in memory at this moment. */
export function fillWorkload(workload: WorkloadView, nowSeconds: number, set: SetGauge): void {
  const { model } = workload;
  const decision = workload.decision();
  const observed = model.observed();
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

/** The scored horizons that are nearest to the exported ones. Exporting all would make a hundred series for each workload. */
function scoredHorizons({ model, horizonSeconds }: WorkloadView): readonly HorizonAccuracy[] {
  const scored = model.accuracy();
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

function stateOf(decision: Decision | undefined): (typeof states)[number] {
  if (decision === undefined) return 'none';
  if (!decision.fresh) return 'blind';
  return decision.basis === 'forecast' ? 'forecast' : 'observed';
}

function fillForecast({ model, horizonSeconds }: WorkloadView, set: SetGauge): void {
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
