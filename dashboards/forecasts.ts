import { buildBoard } from './board.ts';
import { fanOverrides, fanQueries } from './demand-fan.ts';
import { pageOfWorkload } from './links.ts';
import { lines } from './panels/lines.ts';
import { colored } from './panels/panel.ts';
import { stat } from './panels/stat.ts';
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
  rows: [now, ahead],
});
