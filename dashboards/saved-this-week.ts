import { colored, dashed, lines, stat, strong } from './panels.ts';

type Policy = 'forescale' | 'reactive';

const rulesPlayed =
  'Decisions are played through the HPA and the start-up of replicas on the demand that came; the reactive rule gets the observed demand, with the same target.';

/** The row of what Forescale is worth beside the reactive rule; `workload` are label matchers of the chosen workload. */
export function savedThisWeek(workload: string) {
  const gauge = (name: string, more = '') => `max(${name}{${workload}${more}})`;
  const achieved = (window: string) => gauge('forescale_achieved_service', `, window="${window}"`);
  const increase = (name: string, policy: Policy, range: string) =>
    `max(increase(${name}{${workload}, policy="${policy}"}[${range}]))`;
  const shortIn = (policy: Policy, range: string) => increase('forescale_short_seconds_total', policy, range);
  const replicaHoursIn = (policy: Policy, range: string) =>
    `${increase('forescale_replica_seconds_total', policy, range)} / 3600`;
  return {
    title: 'Saved this week',
    panels: [
      stat({
        title: 'Short by the reactive rule',
        description: `Time of the last week in which demand would have been above what the ready replicas carry, had KEDA got the observed demand. ${rulesPlayed}`,
        unit: 's',
        isInstant: true,
        queries: [{ expr: shortIn('reactive', '7d'), legend: 'short' }],
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
        title: 'Replica-hours, reactive rule',
        description:
          'Replicas the reactive rule would have had in the last week, added up over the hours in which Forescale ran.',
        unit: 'short',
        isInstant: true,
        queries: [{ expr: replicaHoursIn('reactive', '7d'), legend: 'replica-hours' }],
      }),
      stat({
        title: 'Replica-hours, Forescale',
        description:
          'Replicas of the last week with the signal of Forescale, added up over the hours in which it ran.',
        unit: 'short',
        isInstant: true,
        queries: [{ expr: replicaHoursIn('forescale', '7d'), legend: 'replica-hours' }],
      }),
      stat({
        title: 'Achieved service, 7 days',
        description:
          'Share of the last week in which the ready replicas carried the demand. The trigger’s serviceLevel is the promise.',
        unit: 'percentunit',
        queries: [{ expr: achieved('7d'), legend: 'achieved' }],
      }),
      stat({
        title: 'Error budget left',
        description:
          'Share of the short time that the service level allows in a week which is left. Below zero more was short than is allowed.',
        unit: 'percentunit',
        queries: [{ expr: gauge('forescale_error_budget_left_ratio'), legend: 'left' }],
      }),
      lines({
        title: 'Short time within a day, both rules',
        description: `Short time of the day before each moment. ${rulesPlayed}`,
        unit: 's',
        queries: [
          { expr: shortIn('forescale', '1d'), legend: 'Forescale' },
          { expr: shortIn('reactive', '1d'), legend: 'reactive' },
        ],
        overrides: { Forescale: [colored('blue'), strong], reactive: [colored('text'), dashed] },
      }),
      lines({
        title: 'Replicas within an hour, both rules',
        description: 'Mean number of replicas in the hour before each moment, ready or not, by either rule.',
        unit: 'short',
        queries: [
          { expr: replicaHoursIn('forescale', '1h'), legend: 'Forescale' },
          { expr: replicaHoursIn('reactive', '1h'), legend: 'reactive' },
        ],
        overrides: { Forescale: [colored('blue'), strong], reactive: [colored('text'), dashed] },
      }),
      lines({
        title: 'Share of time short',
        description:
          'Share of the last hour, day and week in which demand was above what the ready replicas carried. A service level of 0.99 allows 1 %.',
        unit: 'percentunit',
        queries: [
          { expr: `1 - ${achieved('1h')}`, legend: '1 hour' },
          { expr: `1 - ${achieved('1d')}`, legend: '1 day' },
          { expr: `1 - ${achieved('7d')}`, legend: '7 days' },
        ],
        overrides: { '7 days': [strong] },
      }),
      lines({
        title: 'Level asked for, and headroom of the reactive rule',
        description:
          'Level of the forecast peak that delivers the promised service, and the factor on observed demand with which the reactive rule would deliver it.',
        unit: 'percentunit',
        queries: [
          { expr: gauge('forescale_asked_level'), legend: 'level asked for' },
          { expr: gauge('forescale_headroom_ratio'), legend: 'headroom' },
        ],
        overrides: {
          headroom: [
            { id: 'unit', value: 'short' },
            { id: 'custom.axisPlacement', value: 'right' },
          ],
        },
      }),
    ],
  };
}
