import { Counter, Gauge, type Registry } from 'prom-client';

/** A metric of a workload; a gauge unless it is said to be a counter. */
interface Declared {
  readonly help: string;
  readonly labels: readonly string[];
  readonly type?: 'counter';
}

const workloadLabels = ['namespace', 'name', 'trigger'] as const;

/** Metrics of each workload, read from memory when Prometheus scrapes; name → help and labels beyond the workload's. */
export const workloadMetrics = {
  forescale_workload_info: {
    help: 'Always 1; the label unit is what the trigger counts demand in, or "units of the query" where it does not say so',
    labels: ['unit'],
  },
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
    help: 'Bound of the peak within the decision window at the level asked for',
    labels: [],
  },
  forescale_forecast_trust: {
    help: 'Influence of the forecast on the signal: 1 is full, 0 is none, because the reactive rule lately cost less at the same service',
    labels: [],
  },
  forescale_asked_level: {
    help: 'Level of the forecast peak that is asked for; it moves until the achieved service is the promised one',
    labels: [],
  },
  forescale_headroom_ratio: {
    help: 'Factor on the usual demand with which the reactive rule achieves the promised service',
    labels: [],
  },
  forescale_achieved_service: {
    help: 'Share of time in which the ready replicas of played decisions carried the demand: last hour (1h), day (1d), week (7d)',
    labels: ['window'],
  },
  forescale_error_budget_left_ratio: {
    help: 'Share of the short time allowed in the last week that is left; 0 is none, below 0 more was short than allowed',
    labels: [],
  },
  forescale_short_seconds_total: {
    help: 'Seconds in which demand was above what the ready replicas of played decisions carried, by policy: forescale, reactive',
    labels: ['policy'],
    type: 'counter',
  },
  forescale_replica_seconds_total: {
    help: 'Replicas that existed where decisions were played, added up over the seconds, by policy: forescale, reactive',
    labels: ['policy'],
    type: 'counter',
  },
  forescale_decision_window_seconds: { help: 'How far ahead a decision looks', labels: [] },
  forescale_lead_time_seconds: {
    help: 'Time from a decision to a ready pod that decisions use',
    labels: [],
  },
  forescale_lead_time_learned_seconds: {
    help: 'Time within which 95 % of the last pods were ready, learned from kube-state-metrics',
    labels: [],
  },
  forescale_lead_time_starts: { help: 'Starts of pods that the lead time was learned from', labels: [] },
  forescale_hpa_tolerance: {
    help: 'Relative difference that the HPA is taken to ignore when it scales up',
    labels: [],
  },
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
} as const satisfies Record<string, Declared>;

export type WorkloadMetric = keyof typeof workloadMetrics;

/** One registered metric. */
interface Registered {
  reset(): void;
  set(labels: Readonly<Record<string, string>>, value: number): void;
}

/** Registers the metrics of workloads. */
export function createWorkloadMetrics(registry: Registry): ReadonlyMap<WorkloadMetric, Registered> {
  const metrics = new Map<WorkloadMetric, Registered>();
  for (const [name, { help, labels, type }] of Object.entries<Declared>(workloadMetrics)) {
    const options = { name, help, labelNames: [...workloadLabels, ...labels], registers: [registry] };
    metrics.set(
      name as WorkloadMetric,
      type === 'counter' ? settableCounter(new Counter(options)) : new Gauge(options),
    );
  }
  return metrics;
}

/** A counter whose value is kept elsewhere. It is set once after each reset. */
function settableCounter(counter: Counter): Registered {
  return {
    reset: () => counter.reset(),
    set: (labels, value) => counter.inc(labels, value),
  };
}
