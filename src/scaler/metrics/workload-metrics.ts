import {
  achievedService,
  type Decision,
  type HorizonAccuracy,
  type ServiceOutcome,
  servedPolicies,
  type WorkloadView,
} from '../../forecast/index.ts';
import { scoredHorizons, stepIndex, toldShares } from './learned-numbers.ts';
import type { Labels } from './text-format.ts';
import type { WorkloadReading } from './workload-reading.ts';

/** One series of a workload: its labels beside the workload's, and its value; undefined where there is none now. */
type Series = readonly [labels: Labels, value: number | undefined];
/** Series of a metric, or the value of the only one, which has no labels of its own. */
type Read = (reading: WorkloadReading) => number | undefined | readonly Series[];

/** A metric of a workload; a gauge unless it is said to be a counter. */
export interface WorkloadMetric {
  readonly help: string;
  /** Labels beside namespace, name and trigger. */
  readonly labels: readonly string[];
  readonly type?: 'counter';
  /** The series that every scrape has; without them the metric is told of workloads that are asked for by name. */
  readonly usual?: Read;
  /** The series of a workload that is asked for by name; the usual ones unless given. */
  readonly asked?: Read;
}

/** The label of a workload whose trigger has no `unit`: titles of dashboards read well with it. */
const unnamedUnit = 'units of the query';

/** Metrics of each workload by name, read from memory when Prometheus scrapes. */
export const workloadMetrics = {
  forescale_workload_info: {
    help: 'Always 1; the label unit is what the trigger counts demand in, or "units of the query" where it does not say so',
    labels: ['unit'],
    usual: ({ workload }) => [[[['unit', workload.unit ?? unnamedUnit]], 1]],
  },
  forescale_signal: {
    help: 'What KEDA is told: demand to be ready for, in the unit of the query',
    labels: [],
    usual: ({ decision }) => decision?.signal,
  },
  forescale_observed: {
    help: 'Newest observed demand, in the unit of the query',
    labels: [],
    usual: ({ observed }) => observed?.value,
  },
  forescale_threshold: {
    help: 'Demand one replica should carry, in the unit of the query',
    labels: [],
    usual: ({ workload }) => workload.threshold,
  },
  forescale_replicas_wanted: {
    help: 'Replicas the signal asks for before the limits of the HPA',
    labels: [],
    usual: ({ decision, workload }) => decision && Math.ceil(decision.signal / workload.threshold),
  },
  forescale_active: {
    help: '1 while the workload should be awake',
    labels: [],
    asked: ({ decision }) => decision && Number(decision.active),
  },
  forescale_predicted_peak: {
    help: 'Bound of the peak within the decision window at the level asked for',
    labels: [],
    usual: ({ decision }) => decision?.predictedPeak,
  },
  forescale_forecast_trust: {
    help: 'Influence of the forecast on the signal: 1 is full, 0 is none, because the reactive rule lately cost less at the same service',
    labels: [],
    usual: ({ decision }) => decision?.trust,
  },
  forescale_asked_level: {
    help: 'Level of the forecast peak that is asked for; it moves until the achieved service is the promised one',
    labels: [],
    asked: ({ workload }) => workload.outcome()?.askedLevel,
  },
  forescale_headroom_ratio: {
    help: 'Factor on the usual demand with which the reactive rule achieves the promised service',
    labels: [],
    asked: ({ workload }) => workload.outcome()?.headroom,
  },
  forescale_achieved_service: {
    help: 'Share of time in which the ready replicas of played decisions carried the demand: last hour (1h), day (1d), week (7d)',
    labels: ['window'],
    usual: ({ learned }) => [[thisWeek, learned.played?.achievedThisWeek]],
    asked: ({ workload }) => achievedInWindows(workload.outcome()),
  },
  forescale_error_budget_left_ratio: {
    help: 'Share of the short time allowed in the last week that is left; 0 is none, below 0 more was short than allowed',
    labels: [],
    usual: ({ learned }) => learned.played?.budgetLeft,
  },
  forescale_short_seconds_total: {
    help: 'Seconds in which demand was above what the ready replicas of played decisions carried, by policy: forescale, reactive',
    labels: ['policy'],
    type: 'counter',
    usual: ({ learned: { played } }) =>
      servedPolicies.map((policy) => [labelsOfPolicy[policy], played?.[policy].shortSeconds]),
  },
  forescale_replica_seconds_total: {
    help: 'Replicas that existed where decisions were played, added up over the seconds, by policy: forescale, reactive',
    labels: ['policy'],
    type: 'counter',
    usual: ({ learned: { played } }) =>
      servedPolicies.map((policy) => [labelsOfPolicy[policy], played?.[policy].replicaSeconds]),
  },
  forescale_decision_window_seconds: {
    help: 'How far ahead a decision looks',
    labels: [],
    asked: ({ decision }) => decision?.windowSeconds,
  },
  forescale_lead_time_seconds: {
    help: 'Time from a decision to a ready pod that decisions use',
    labels: [],
    asked: ({ workload }) => workload.cluster().leadTime.seconds,
  },
  forescale_lead_time_learned_seconds: {
    help: 'Time within which 95 % of the last pods were ready, learned from kube-state-metrics',
    labels: [],
    asked: ({ workload }) => workload.cluster().leadTime.learned?.p95Seconds,
  },
  forescale_lead_time_starts: {
    help: 'Starts of pods that the lead time was learned from',
    labels: [],
    asked: ({ workload }) => workload.cluster().leadTime.learned?.starts,
  },
  forescale_hpa_tolerance: {
    help: 'Relative difference that the HPA is taken to ignore when it scales up',
    labels: [],
    asked: ({ workload }) => workload.cluster().hpaTolerance.up,
  },
  forescale_forecast: {
    help: 'Forecast demand by horizon and quantile',
    labels: ['horizon', 'quantile'],
    usual: ({ learned: { ahead } }) => [
      [horizonAndQuantile(ahead?.horizonSeconds, 0.5), ahead?.median],
      [horizonAndQuantile(ahead?.horizonSeconds, 0.99), ahead?.bound],
    ],
    asked: ({ workload, learned }) => forecastSeries(workload, learned.ahead?.horizonSeconds),
  },
  forescale_forecast_highest: {
    help: 'Highest forecast of demand within predictHorizon, by quantile',
    labels: ['quantile'],
    usual: ({ learned }) => [[[['quantile', '0.9']], learned.ahead?.highest]],
  },
  forescale_forecast_wape: {
    help: 'Sum of absolute errors over sum of demand, lately, by horizon',
    labels: ['horizon'],
    asked: ({ workload }) =>
      scoredHorizons(workload).map(({ horizonSeconds, wape }) => [horizonLabel(horizonSeconds), wape]),
  },
  forescale_forecast_coverage: {
    help: 'Share of demand at or below a forecast quantile, lately',
    labels: ['horizon', 'quantile'],
    asked: ({ workload }) => byHorizon(workload, 'quantile', ({ coverage }) => coverage),
  },
  forescale_forecast_coverage_lowest: {
    help: 'Share of demand at or below a forecast quantile, lately, at the horizon where it is lowest',
    labels: ['quantile'],
    usual: ({ learned: { coverage } }) => [
      [[['quantile', '0.9']], coverage.of90],
      [[['quantile', '0.99']], coverage.of99],
    ],
  },
  forescale_model_weight: {
    help: 'Weight of an expert in the forecast, by horizon',
    labels: ['horizon', 'expert'],
    asked: ({ workload }) => byHorizon(workload, 'expert', ({ weights }) => weights),
  },
  forescale_observation_age_seconds: {
    help: 'Age of the newest observed demand',
    labels: [],
    asked: ({ observed, nowSeconds }) => observed && nowSeconds - observed.atSeconds,
  },
  forescale_history_age_seconds: {
    help: 'Age of the newest row learned',
    labels: [],
    usual: ({ learned, nowSeconds }) => nowSeconds - learned.newestSeconds,
  },
  forescale_state: {
    help: 'Always 1; the label is what the signal rests on now: forecast, observed, blind, none',
    labels: ['state'],
    usual: ({ decision }) => [[[['state', stateOf(decision)]], 1]],
  },
} as const satisfies Record<string, WorkloadMetric>;

const thisWeek: Labels = [['window', '7d']];
const labelsOfPolicy = {
  forescale: [['policy', 'forescale']],
  reactive: [['policy', 'reactive']],
} as const;

const horizonLabel = (seconds: number): Labels => [['horizon', String(seconds)]];

function horizonAndQuantile(horizonSeconds: number | undefined, quantile: number): Labels {
  return [
    ['horizon', String(horizonSeconds)],
    ['quantile', String(quantile)],
  ];
}

function achievedInWindows(outcome: ServiceOutcome | undefined): readonly Series[] {
  if (outcome === undefined) return [];
  return Object.entries(outcome.windows).map(([window, span]) => [
    [['window', window]],
    achievedService(span, 'forescale'),
  ]);
}

const askedQuantiles = [0.5, 0.9, 0.99];

/** The forecast at the told horizons, and at one more. */
function forecastSeries(
  { model, horizonSeconds }: WorkloadView,
  oneMore: number | undefined,
): readonly Series[] {
  const { gridSeconds } = model;
  const horizonSteps = Math.max(1, Math.floor(horizonSeconds / gridSeconds));
  const forecast = model.forecast({ horizonSteps, quantiles: askedQuantiles });
  if (forecast.status !== 'ok') return [];
  const told = toldShares.map((share) => stepIndex(horizonSeconds * share, gridSeconds));
  const indexes = new Set(oneMore === undefined ? told : [...told, stepIndex(oneMore, gridSeconds)]);
  return [...indexes]
    .sort((a, b) => a - b)
    .flatMap((index) =>
      askedQuantiles.map(
        (quantile): Series => [
          horizonAndQuantile((index + 1) * gridSeconds, quantile),
          forecast.quantiles[String(quantile)]?.[index],
        ],
      ),
    );
}

/** A series for each scored horizon and each entry of what `valuesOf` gives of it. */
function byHorizon(
  workload: WorkloadView,
  label: string,
  valuesOf: (accuracy: HorizonAccuracy) => Readonly<Record<string, number>>,
): readonly Series[] {
  return scoredHorizons(workload).flatMap((accuracy) =>
    Object.entries(valuesOf(accuracy)).map(
      ([key, value]): Series => [
        [
          ['horizon', String(accuracy.horizonSeconds)],
          [label, key],
        ],
        value,
      ],
    ),
  );
}

/** What the signal rests on; `blind` while nothing fresh is observed, `none` when an error is served. */
function stateOf(decision: Decision | undefined): 'forecast' | 'observed' | 'blind' | 'none' {
  if (decision === undefined) return 'none';
  if (!decision.fresh) return 'blind';
  return decision.basis === 'forecast' ? 'forecast' : 'observed';
}
