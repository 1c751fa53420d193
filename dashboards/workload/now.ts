import { stat } from '../panels/stat.ts';
import { wordsFor } from '../panels/states.ts';
import { gauge, observed, ofHpa, signal, threshold, wanted, workload } from './series.ts';

const state = (name: string) => `max(forescale_state{${workload}, state="${name}"})`;

/** The row that answers whether somebody has to do something. */
export const now = {
  title: 'Does it need you?',
  panels: [
    stat({
      title: 'What decides the signal',
      description:
        'Forecast: it raises the signal above the demand. Demand: the observed demand alone. Blind: nothing fresh is observed and no less than the last good value is served. Error: KEDA gets no value and its fallback acts.',
      unit: 'short',
      alerts: ['ForescaleFallbackActive', 'ForescaleBlind'],
      judged: { above: { warning: 2, critical: 3 } },
      words: wordsFor({
        0: { text: 'forecast', color: 'green' },
        1: { text: 'demand', color: 'green' },
        2: { text: 'blind', color: 'orange' },
        3: { text: 'error', color: 'red' },
      }),
      queries: [
        {
          expr: `3 * ${state('none')} or 2 * ${state('blind')} or ${state('observed')} or 0 * ${state('forecast')}`,
          legend: 'state',
        },
      ],
    }),
    stat({
      title: 'Alerts that fire',
      description:
        'Alerts of this workload that fire now. The dashboard of all workloads lists them by name.',
      unit: 'short',
      alerts: ['ForescalePredictedPeakAboveMaximum'],
      judged: { above: { warning: 1 } },
      queries: [
        {
          expr: 'count(ALERTS{alertstate="firing", namespace="$namespace", name="$workload"}) or vector(0)',
          legend: 'alerts',
        },
      ],
    }),
    stat({
      title: 'Demand now ($unit)',
      description: 'The newest observed demand, in the unit of the trigger’s query.',
      unit: 'short',
      queries: [{ expr: observed, legend: 'observed' }],
    }),
    stat({
      title: 'Told to KEDA ($unit)',
      description: 'The demand to be ready for. It is never below the observed demand.',
      unit: 'short',
      queries: [{ expr: signal, legend: 'signal' }],
    }),
    stat({
      title: 'Replicas asked for',
      description: 'Number of replicas the signal asks for, before the minimum and maximum of the HPA apply.',
      unit: 'short',
      queries: [{ expr: wanted, legend: 'replicas' }],
    }),
    stat({
      title: 'Of maxReplicaCount',
      description:
        'Replicas the signal asks for over the most that the HPA may set. Above 100 % replicas share more than their threshold. From kube-state-metrics; empty without it.',
      unit: 'percentunit',
      alerts: ['ForescalePredictedPeakAboveMaximum'],
      judged: { above: { warning: 0.9, critical: 1.0001 } },
      queries: [{ expr: `${wanted} / ${ofHpa('spec_max_replicas')}`, legend: 'of the maximum' }],
    }),
    stat({
      title: 'Trust in the forecast',
      description:
        'Influence of the forecast on the signal. It falls while the reactive rule is cheaper at the same service.',
      unit: 'percentunit',
      span: 8,
      alerts: ['ForescaleTrustLost'],
      judged: { below: { warning: 0.99, critical: 0.5 } },
      queries: [{ expr: gauge('forescale_forecast_trust'), legend: 'trust' }],
    }),
    stat({
      title: 'Age of the newest row learned',
      description:
        'How old the newest value is that the forecast knows. Above half an hour the forecast misses what happened since.',
      unit: 's',
      span: 8,
      alerts: ['ForescaleForecastStale'],
      judged: { above: { warning: 900, critical: 1800 } },
      queries: [{ expr: gauge('forescale_history_age_seconds'), legend: 'age' }],
    }),
    stat({
      title: 'Time without fresh data, 6 hours',
      description:
        'Share of time without a fresh observation: no less than the last good signal was served, or KEDA got an error and its own fallback acted.',
      unit: 'percentunit',
      span: 8,
      alerts: ['ForescaleFallbackActive', 'ForescaleBlind'],
      judged: { above: { warning: 0.001, critical: 0.01 } },
      queries: [
        {
          expr: `avg_over_time((max(forescale_state{${workload}, state=~"blind|none"}) or 0 * ${threshold})[6h:])`,
          legend: 'without data',
        },
      ],
    }),
  ],
};
