import { buildBoard } from './board.ts';
import { fanOverrides, fanQueries } from './demand-fan.ts';
import { pageOfWorkload } from './links.ts';
import { lines } from './panels/lines.ts';
import { colored } from './panels/panel.ts';
import { stat } from './panels/stat.ts';
import { byLabel, table } from './panels/table.ts';
import { labelVariable } from './variables.ts';

/** Label matchers of the workload that the reader chose. */
const workload = 'namespace="$namespace", workload="$workload"';

/** PromQL for a series of the chosen workload; of a ScaledObject that asks two things, the trigger that asks for more. */
const of = (metric: string, more = '') => `max(${metric}{${workload}${more}})`;
const quantile = (level: string) => of('forescale_forecast', `, quantile="${level}"`);

const now = {
  title: 'Now',
  panels: [
    stat({
      title: 'Demand now',
      description: 'The newest observed demand, in the unit of the trigger’s query.',
      unit: 'short',
      span: 6,
      queries: [{ expr: of('forescale_observed'), legend: 'observed' }],
    }),
    stat({
      title: 'Told to KEDA',
      description: 'The value KEDA gets: the demand to be ready for.',
      unit: 'short',
      span: 6,
      queries: [{ expr: of('forescale_signal'), legend: 'signal' }],
    }),
    stat({
      title: 'Replicas asked for',
      description: 'Replicas the signal asks for, before the tolerance and the bounds of the HPA apply.',
      unit: 'short',
      span: 6,
      queries: [{ expr: of('forescale_replicas_asked'), legend: 'replicas' }],
    }),
    stat({
      title: 'Replicas asked for all workloads',
      description: 'Replicas that the signals of all workloads of the namespace ask for together.',
      unit: 'short',
      span: 6,
      queries: [{ expr: 'sum(forescale_replicas_asked{namespace="$namespace"})', legend: 'replicas' }],
    }),
  ],
};

const ahead = {
  title: 'Six hours back, six hours ahead',
  panels: [
    lines({
      title: 'Demand that came, and the forecast of the next six hours',
      description:
        'Left of now: the demand that came and what KEDA was told. Right of now: the forecast as it is now, with its 90 % and 99 % bounds, and the bound of the peak that a decision would be made with then.',
      unit: 'short',
      span: 24,
      queries: [
        ...fanQueries({ observed: of('forescale_observed'), signal: of('forescale_signal'), quantile }),
        { expr: of('forescale_peak'), legend: 'bound of the peak' },
      ],
      overrides: {
        ...fanOverrides,
        'bound of the peak': [colored('purple')],
      },
    }),
    lines({
      title: 'Median forecast of each workload',
      description: 'The median forecast of every workload of the namespace, as it is now.',
      unit: 'short',
      span: 24,
      queries: [
        {
          expr: 'max by (workload) (forescale_forecast{namespace="$namespace", quantile="0.5"})',
          legend: '{{workload}}',
        },
      ],
    }),
  ],
};

/** A number of the chosen workload as it is now. */
const number = (title: string, metric: string, unit: string, description: string, more = '') =>
  stat({ title, description, unit, span: 4, queries: [{ expr: of(metric, more), legend: 'now' }] });

const servedIn = (window: string, words: string) =>
  number(
    `Time served, last ${words}`,
    'forescale_achieved_service',
    'percentunit',
    `Share of the last ${words} in which the ready replicas of played decisions carried the demand.`,
    `, window="${window}"`,
  );

const decided = {
  title: 'What decisions are made with, now',
  panels: [
    number(
      'Active',
      'forescale_active',
      'short',
      '1 while the workload is active. When it is 0, KEDA may scale to zero replicas.',
    ),
    number(
      'Age of the observation',
      'forescale_observation_age_seconds',
      's',
      'When the newest observation is older than fifteen seconds, the scaler is blind and serves no less than the last good signal.',
    ),
    number(
      'Decision window',
      'forescale_decision_window_seconds',
      's',
      'How far ahead a decision looks: the lead time plus every delay between a change of demand and a ready replica.',
    ),
    number(
      'Lead time',
      'forescale_lead_time_seconds',
      's',
      'Time from a decision to a ready pod that decisions use.',
    ),
    number(
      '95 % of starts',
      'forescale_lead_time_learned_seconds',
      's',
      'Time within which 95 % of the last pods were ready, learned from kube-state-metrics.',
    ),
    number(
      'Starts it was learned from',
      'forescale_lead_time_starts',
      'short',
      'Pods whose time from created to ready is known, from kube-state-metrics; 300 at most.',
    ),
    number(
      'Tolerance of the HPA',
      'forescale_hpa_tolerance',
      'percentunit',
      'Relative difference that the HPA is taken to ignore when it scales up.',
    ),
    number(
      'Level of the peak asked for',
      'forescale_asked_level',
      'percentunit',
      'Level of the forecast peak that delivers the promised service.',
    ),
    number(
      'Headroom of the reactive rule',
      'forescale_headroom_ratio',
      'short',
      'Factor on the observed demand with which the reactive rule would deliver the promised service.',
    ),
    servedIn('1h', 'hour'),
    servedIn('1d', 'day'),
    servedIn('7d', 'week'),
  ],
};

const relied = {
  title: 'Can the forecast be relied on?',
  panels: [
    byLabel({
      title: 'Error of the forecast, by how far ahead',
      description: 'Recent sum of the absolute errors divided by the sum of demand (WAPE).',
      unit: 'percentunit',
      label: 'horizon',
      labelUnit: 's',
      queries: [{ expr: `max by (horizon) (forescale_forecast_wape{${workload}})`, legend: 'error' }],
    }),
    byLabel({
      title: 'Share of demand within the bounds, by how far ahead',
      description:
        'Recent share of demand at or below the 90 % and the 99 % bound. Values near 90 % and 99 % are right; lower ones mean more short minutes than asked for.',
      unit: 'percentunit',
      label: 'horizon',
      labelUnit: 's',
      alerts: ['ForescaleCoverageLow'],
      queries: ['0.9', '0.99'].map((level) => ({
        expr: `min by (horizon) (forescale_forecast_coverage{${workload}, quantile="${level}"})`,
        legend: `${Number(level) * 100} %`,
      })),
    }),
    table({
      title: 'Weights of the models',
      description: 'Weight of each model in the forecast, averaged over the horizons.',
      unit: 'percentunit',
      height: 12,
      labels: { expert: 'Model' },
      worstBy: 'Weight',
      queries: [{ expr: `avg by (expert) (forescale_model_weight{${workload}})`, legend: 'Weight' }],
      overrides: {},
    }),
  ],
};

/** Forecasts of one workload at times to come, read from the scaler's own Prometheus-compatible API. */
export const forecasts = buildBoard({
  title: 'Forescale: forecasts',
  uid: 'forescale-forecasts',
  description:
    'What comes: demand, its forecast and what KEDA is told, read from the scaler itself (docs/prometheus-api.md).',
  page: pageOfWorkload,
  from: 'now-6h',
  to: 'now+6h',
  source: { uid: 'forescale', name: 'Forescale' },
  variables: [
    labelVariable('namespace', 'namespace', { of: 'forescale_observed', isOne: true }),
    labelVariable('workload', 'workload', { of: 'forescale_observed{namespace="$namespace"}', isOne: true }),
  ],
  annotations: [
    {
      name: 'events of calendars',
      color: 'blue',
      expr: 'max by (event) (forescale_event{namespace="$namespace", workload="$workload"})',
      title: '{{event}}',
    },
  ],
  rows: [now, ahead, decided, relied],
});
