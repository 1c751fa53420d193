import { buildBoard } from '../board.ts';
import { pageOfAll } from '../links.ts';
import { labelVariable } from '../variables.ts';
import { scaler } from '../workload/series.ts';
import { health } from './health.ts';
import { overview } from './overview.ts';
import { savedByAll } from './saved-by-all.ts';

/** All workloads at once: the dashboard to open first. */
export const fleet = buildBoard({
  title: 'Forescale: all workloads',
  uid: 'forescale-fleet',
  description:
    'All workloads, worst first, the alerts that fire, what Forescale did for you, and how it is itself.',
  page: pageOfAll,
  from: 'now-6h',
  to: 'now',
  variables: [
    labelVariable('job', 'job', { of: 'forescale_build_info' }),
    labelVariable('instance', 'instance', { of: 'forescale_build_info{job=~"$job"}' }),
    labelVariable('namespace', 'namespace', { of: `forescale_threshold{${scaler}}` }),
  ],
  rows: [overview, savedByAll, health],
});
