import { lines } from '../panels/lines.ts';
import { colored, dashed, strong } from '../panels/panel.ts';
import { stat } from '../panels/stat.ts';
import { gauge, workload } from './series.ts';

type Policy = 'forescale' | 'reactive';

const rulesPlayed =
  'Decisions are played through the HPA and the start-up of replicas on the demand that came; the reactive rule gets the observed demand, with the same target.';

const achieved = gauge('forescale_achieved_service', ', window="7d"');
const increase = (name: string, policy: Policy, range: string) =>
  `max(increase(${name}{${workload}, policy="${policy}"}[${range}]))`;
const shortIn = (policy: Policy, range: string) => increase('forescale_short_seconds_total', policy, range);
const replicasIn = (policy: Policy, range: string) =>
  increase('forescale_replica_seconds_total', policy, range);
const replicaHoursIn = (policy: Policy, range: string) => `${replicasIn(policy, range)} / 3600`;

/** The row of what Forescale is worth beside the reactive rule. */
export const savedThisWeek = {
  title: 'What it did for you in the last 7 days',
  panels: [
    stat({
      title: 'Short time it spared you',
      description: `Time of the last week in which demand would have been above what the ready replicas carry by the reactive rule, less the time in which it was with Forescale. ${rulesPlayed}`,
      unit: 's',
      isInstant: true,
      judged: { below: { warning: 0 } },
      queries: [{ expr: `${shortIn('reactive', '7d')} - ${shortIn('forescale', '7d')}`, legend: 'spared' }],
    }),
    stat({
      title: 'Short with Forescale',
      description:
        'Time of the last week in which demand was above what the ready replicas carry with the signal of Forescale, as mode active serves it.',
      unit: 's',
      isInstant: true,
      queries: [{ expr: shortIn('forescale', '7d'), legend: 'short' }],
    }),
    stat({
      title: 'Short by the reactive rule',
      description: `Time of the last week in which demand would have been above what the ready replicas carry, had KEDA got the observed demand. ${rulesPlayed}`,
      unit: 's',
      isInstant: true,
      queries: [{ expr: shortIn('reactive', '7d'), legend: 'short' }],
    }),
    stat({
      title: 'Replica-hours more',
      description:
        'How many more replica-hours the signal of Forescale took in the last week than the reactive rule would have taken.',
      unit: 'percentunit',
      isInstant: true,
      judged: { above: { warning: 0.1 } },
      queries: [
        {
          expr: `(${replicasIn('forescale', '7d')} - ${replicasIn('reactive', '7d')}) / clamp_min(${replicasIn('reactive', '7d')}, 1)`,
          legend: 'more',
        },
      ],
    }),
    stat({
      title: 'Time demand was served',
      description:
        'Share of the last week in which the ready replicas carried the demand. The trigger’s serviceLevel is the promise; 99 % unless it says otherwise.',
      unit: 'percentunit',
      alerts: ['ForescaleCoverageLow'],
      judged: { below: { warning: 0.99, critical: 0.95 } },
      queries: [{ expr: achieved, legend: 'served' }],
    }),
    stat({
      title: 'Error budget left',
      description:
        'Share of the short time that the service level allows in a week which is left. Below zero more was short than is allowed.',
      unit: 'percentunit',
      alerts: ['ForescaleCoverageLow'],
      judged: { below: { warning: 0.25, critical: 0 } },
      queries: [{ expr: gauge('forescale_error_budget_left_ratio'), legend: 'left' }],
    }),
    lines({
      title: 'Short time within a day, by either rule',
      description: `Short time of the day before each moment. ${rulesPlayed}`,
      unit: 's',
      queries: [
        { expr: shortIn('forescale', '1d'), legend: 'Forescale' },
        { expr: shortIn('reactive', '1d'), legend: 'reactive' },
      ],
      overrides: { Forescale: [colored('blue'), strong], reactive: [colored('text'), dashed] },
    }),
    lines({
      title: 'Replica-hours within an hour, by either rule',
      description: 'Mean number of replicas in the hour before each moment, ready or not, by either rule.',
      unit: 'short',
      queries: [
        { expr: replicaHoursIn('forescale', '1h'), legend: 'Forescale' },
        { expr: replicaHoursIn('reactive', '1h'), legend: 'reactive' },
      ],
      overrides: { Forescale: [colored('blue'), strong], reactive: [colored('text'), dashed] },
    }),
    lines({
      title: 'Share of time short, in the last week',
      description:
        'Share of the week before each moment in which demand was above what the ready replicas carried. A service level of 0.99 allows 1 %.',
      unit: 'percentunit',
      span: 24,
      queries: [{ expr: `1 - ${achieved}`, legend: 'short' }],
    }),
  ],
};
