import {
  achievedService,
  type ClusterStanding,
  type Decision,
  type HorizonAccuracy,
  type ServiceOutcome,
} from '../../../forecast/index.ts';
import { type Line, lookbackMs, type ServedMetric, type Subject } from './subject.ts';

type Value = readonly [labels: Line['labels'], value: number | undefined];

/** Details of a workload as of now, under the names that `/metrics?workload=` gives them. They have no past and no future here. */
export const detailMetrics: Readonly<Record<string, ServedMetric>> = {
  forescale_active: ofDecision('1 while the workload should be awake', ({ active }) => Number(active)),
  forescale_asked_level: ofOutcome(
    'Level of the forecast peak that is asked for; it moves until the achieved service is the promised one',
    ({ askedLevel }) => [[[], askedLevel]],
  ),
  forescale_headroom_ratio: ofOutcome(
    'Factor on the usual demand with which the reactive rule achieves the promised service',
    ({ headroom }) => [[[], headroom]],
  ),
  forescale_achieved_service: ofOutcome(
    'Share of time in which the ready replicas of played decisions carried the demand: last hour (1h), day (1d), week (7d)',
    ({ windows }) =>
      Object.entries(windows).map(([window, span]) => [
        [['window', window]],
        achievedService(span, 'forescale'),
      ]),
  ),
  forescale_decision_window_seconds: ofDecision(
    'How far ahead a decision looks',
    ({ windowSeconds }) => windowSeconds,
  ),
  forescale_lead_time_seconds: ofCluster(
    'Time from a decision to a ready pod that decisions use',
    ({ leadTime }) => leadTime.seconds,
  ),
  forescale_lead_time_learned_seconds: ofCluster(
    'Time within which 95 % of the last pods were ready, learned from kube-state-metrics',
    ({ leadTime }) => leadTime.learned?.p95Seconds,
  ),
  forescale_lead_time_starts: ofCluster(
    'Starts of pods that the lead time was learned from',
    ({ leadTime }) => leadTime.learned?.starts,
  ),
  forescale_hpa_tolerance: ofCluster(
    'Relative difference that the HPA is taken to ignore when it scales up',
    ({ hpaTolerance }) => hpaTolerance.up,
  ),
  forescale_forecast_wape: ofHorizons(
    'Sum of absolute errors over sum of demand, lately, by horizon',
    ({ wape }) => [[[], wape]],
  ),
  forescale_forecast_coverage: ofHorizons(
    'Share of demand at or below a forecast quantile, lately',
    ({ coverage }) => valuesBy('quantile', coverage),
  ),
  forescale_model_weight: ofHorizons('Weight of an expert in the forecast, by horizon', ({ weights }) =>
    valuesBy('expert', weights),
  ),
  forescale_observation_age_seconds: now('Age of the newest observed demand', ({ workload, nowMs }) => {
    const observed = workload.model.observed();
    return [[[], observed && nowMs / 1000 - observed.atSeconds]];
  }),
};

/** A metric whose values hold now and some minutes around it, because clocks differ. */
function now(help: string, valuesOf: (subject: Subject) => readonly Value[]): ServedMetric {
  const known = (subject: Subject) =>
    valuesOf(subject).filter(([, value]) => value !== undefined && !Number.isNaN(value));
  return {
    help: `${help}. It has no values in the past and in the future.`,
    known: (subject) => known(subject).map(([labels]) => labels),
    lines: (subject) =>
      known(subject).map(([labels, value = Number.NaN]) => ({
        labels,
        valueAt: (atMs) => (Math.abs(atMs - subject.nowMs) <= lookbackMs ? value : Number.NaN),
      })),
  };
}

function ofDecision(help: string, numberOf: (decision: Decision) => number): ServedMetric {
  return now(help, ({ decision }) => [[[], decision && numberOf(decision)]]);
}

function ofCluster(help: string, numberOf: (cluster: ClusterStanding) => number | undefined): ServedMetric {
  return now(help, ({ workload }) => [[[], numberOf(workload.cluster())]]);
}

function ofOutcome(help: string, valuesOf: (outcome: ServiceOutcome) => readonly Value[]): ServedMetric {
  return now(help, ({ workload }) => {
    const outcome = workload.outcome();
    return outcome === undefined ? [] : valuesOf(outcome);
  });
}

/** Values of each horizon of which a forecast has come due. */
function ofHorizons(help: string, valuesOf: (accuracy: HorizonAccuracy) => readonly Value[]): ServedMetric {
  return now(help, ({ workload }) =>
    workload.model
      .accuracy()
      .filter(({ count }) => count > 0)
      .flatMap((accuracy) =>
        valuesOf(accuracy).map(
          ([labels, value]): Value => [[['horizon', String(accuracy.horizonSeconds)], ...labels], value],
        ),
      ),
  );
}

function valuesBy(label: string, values: Readonly<Record<string, number>>): readonly Value[] {
  return Object.entries(values).map(([key, value]) => [[[label, key]], value]);
}
