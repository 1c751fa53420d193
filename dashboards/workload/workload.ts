import { buildBoard } from '../board.ts';
import { pageOfWorkload } from '../links.ts';
import { choiceVariable, labelVariable } from '../variables.ts';
import { demand } from './demand.ts';
import { keda } from './keda.ts';
import { now } from './now.ts';
import { quality } from './quality.ts';
import { savedThisWeek } from './saved-this-week.ts';
import { scaling } from './scaling.ts';
import { scaler, workload } from './series.ts';

const leadTimes = ['30s', '1m', '2m', '5m', '10m', '15m'];

/** One workload as the scaler sees it. */
export const workloadBoard = buildBoard({
  title: 'Forescale: one workload',
  uid: 'forescale',
  description:
    'One workload: whether it needs you, what Forescale did for it, demand, forecast and replicas.',
  page: pageOfWorkload,
  from: 'now-3h',
  to: 'now+2h',
  variables: [
    labelVariable('job', 'job', { of: 'forescale_build_info' }),
    labelVariable('instance', 'instance', { of: 'forescale_build_info{job=~"$job"}' }),
    labelVariable('namespace', 'namespace', { of: `forescale_threshold{${scaler}}`, isOne: true }),
    labelVariable('workload', 'name', {
      of: `forescale_threshold{${scaler}, namespace="$namespace"}`,
      isOne: true,
    }),
    labelVariable('trigger', 'trigger', {
      of: `forescale_threshold{${scaler}, namespace="$namespace", name="$workload"}`,
      isHidden: true,
    }),
    labelVariable('unit', 'unit', {
      of: `forescale_workload_info{${workload}}`,
      isOne: true,
      isHidden: true,
    }),
    labelVariable('horizon', 'horizon', { of: `forescale_forecast{${workload}}`, isOne: true }),
    choiceVariable('lead', 'lead time', {
      choices: new Map(leadTimes.map((lead) => [lead, lead])),
      first: '2m',
    }),
  ],
  annotations: [
    {
      name: 'more replicas asked for',
      color: 'green',
      expr: `max(delta(forescale_replicas_wanted{${workload}}[1m])) > 0`,
    },
    {
      name: 'fewer replicas asked for',
      color: 'orange',
      expr: `max(-delta(forescale_replicas_wanted{${workload}}[1m])) > 0`,
    },
  ],
  rows: [now, savedThisWeek, demand, scaling, quality, keda],
});
