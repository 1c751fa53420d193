import { lines } from '../panels/lines.ts';
import { colored, dashed, strong } from '../panels/panel.ts';
import { stat } from '../panels/stat.ts';

type Policy = 'forescale' | 'reactive';

/**
 * PromQL for what all workloads had in the last week by a policy. The hours are recorded (k8s/monitoring/rules/forescale.yaml),
 * because a week of counters of a thousand workloads is more than Prometheus reads for one query. An hour is looked at every ten
 * minutes, so each counts a sixth.
 */
const weekOf = (record: string, policy: Policy) =>
  `sum(sum_over_time(${record}{namespace=~"$namespace", policy="${policy}"}[7d:10m])) / 6`;
const short = (policy: Policy) => weekOf('workload:forescale_short_seconds:increase1h', policy);
const replicas = (policy: Policy) => weekOf('workload:forescale_replica_seconds:increase1h', policy);
const hourly = (record: string, policy: Policy) =>
  `sum(${record}{namespace=~"$namespace", policy="${policy}"})`;

const drawn = { Forescale: [colored('blue'), strong], reactive: [colored('text'), dashed] };

/** The row of what Forescale did for all workloads beside the reactive rule. */
export const savedByAll = {
  title: 'What it did for you in the last 7 days',
  panels: [
    stat({
      title: 'Short time it spared you',
      description:
        'Time in which demand would have been above what the ready replicas carry by the reactive rule, less the time in which it was with Forescale, of all workloads together.',
      unit: 's',
      isInstant: true,
      span: 6,
      judged: { below: { warning: 0 } },
      queries: [{ expr: `${short('reactive')} - ${short('forescale')}`, legend: 'spared' }],
    }),
    stat({
      title: 'Short with Forescale',
      description:
        'Time in which demand was above what the ready replicas carry with the signals of Forescale, of all workloads together.',
      unit: 's',
      isInstant: true,
      span: 6,
      queries: [{ expr: short('forescale'), legend: 'short' }],
    }),
    stat({
      title: 'Replica-hours with Forescale',
      description: 'Replicas of all workloads with the signals of Forescale, added up over the hours.',
      unit: 'short',
      isInstant: true,
      span: 6,
      queries: [{ expr: `${replicas('forescale')} / 3600`, legend: 'replica-hours' }],
    }),
    stat({
      title: 'Replica-hours more than reactive',
      description:
        'How many more replica-hours Forescale had than the reactive rule would have had with the same target.',
      unit: 'percentunit',
      isInstant: true,
      span: 6,
      judged: { above: { warning: 0.1 } },
      queries: [
        {
          expr: `(${replicas('forescale')} - ${replicas('reactive')}) / clamp_min(${replicas('reactive')}, 1)`,
          legend: 'more',
        },
      ],
    }),
    lines({
      title: 'Short time within an hour, by either rule',
      description: 'Short time of all workloads together in the hour before each moment.',
      unit: 's',
      queries: [
        { expr: hourly('workload:forescale_short_seconds:increase1h', 'forescale'), legend: 'Forescale' },
        { expr: hourly('workload:forescale_short_seconds:increase1h', 'reactive'), legend: 'reactive' },
      ],
      overrides: drawn,
    }),
    lines({
      title: 'Replicas, by either rule',
      description: 'Mean number of replicas of all workloads together in the hour before each moment.',
      unit: 'short',
      queries: [
        {
          expr: `${hourly('workload:forescale_replica_seconds:increase1h', 'forescale')} / 3600`,
          legend: 'Forescale',
        },
        {
          expr: `${hourly('workload:forescale_replica_seconds:increase1h', 'reactive')} / 3600`,
          legend: 'reactive',
        },
      ],
      overrides: drawn,
    }),
  ],
};
