import { formatDuration } from '../../platform/duration.ts';
import { formatMoment } from '../../platform/moment.ts';
import { textTable } from '../../platform/terminal/text-table.ts';
import { type PolicyAnswer, policies as table, type WhatIfAnswer } from '../../what-if/index.ts';

/** The figures of a policy in one table. */
type Figures = Omit<PolicyAnswer, 'name' | 'title' | 'knob' | 'atEqualService'>;
type Row = readonly [label: string, figures: Figures];

const percent = (share: number) => `${(100 * share).toFixed(2)}%`;

const ideal = table.perfect.title;

/** Columns: how a figure is shown, and in which direction it is better. */
const columns: readonly {
  readonly heading: string;
  readonly of: (figures: Figures) => number;
  readonly show: (value: number) => string;
  readonly isBetterHigh?: true;
}[] = [
  { heading: 'short', of: (one) => one.shortTimeShare, show: percent },
  { heading: 'unserved', of: (one) => one.unservedShare, show: percent },
  { heading: 'worst day', of: (one) => one.worstDayShortShare, show: percent },
  { heading: 'longest', of: (one) => one.longestShortSeconds, show: formatDuration },
  { heading: 'replica-hours', of: (one) => one.replicaHours, show: (value) => value.toFixed(0) },
  {
    heading: '÷ oracle',
    of: (one) => one.replicaHours / one.oracleReplicaHours,
    show: (value) => value.toFixed(2),
  },
  { heading: 'changes', of: (one) => one.changes, show: String },
  {
    heading: 'per replica',
    of: (one) => one.goodputPerReplica,
    show: (value) => value.toFixed(2),
    isBetterHigh: true,
  },
];
const costColumn = {
  heading: 'cost',
  of: (one: Figures) => one.cost ?? Number.NaN,
  show: (value: number) => value.toFixed(2),
};

export const legend = `short: share of time in which demand was above what the ready replicas carry; unserved: share of demand above it
worst day, longest: the day with most short time, and the longest time without a break
÷ oracle: replica-hours beside those of one that knows all demand and the start-up; changes: of the replica count
per replica: demand served by a replica on average; the best of each column is marked
`;

/** The answer as people read it: a sentence, two tables and what their columns mean. */
export function forPeople(answer: WhatIfAnswer): string {
  const { policies, serviceLevel } = answer;
  const usual = policies.map((one): Row => [one.title, one]);
  const tuned = policies.flatMap(({ title, atEqualService }): Row[] =>
    atEqualService === null ? [] : [[title, atEqualService]],
  );
  return [
    `judged from ${formatMoment(answer.from)} to ${formatMoment(answer.to)}\n`,
    ...verdictLines(answer),
    '\nas it comes\n',
    tableOf(usual),
    ...(tuned.length === 0
      ? []
      : [
          `\nat equal service: each tuned, on the time before, to be short at most ${percent(1 - serviceLevel)} of the time\n`,
          tableOf(tuned),
        ]),
    `\n${legend}`,
  ].join('');
}

/** What a service owner can repeat to a colleague. */
export function verdictLines({ policies, verdict, calendar }: WhatIfAnswer): string[] {
  const ours = policies.find(({ name }) => name === 'forescale');
  if (verdict === null || ours === undefined) return [];
  const today =
    policies.find(({ name }) => name === 'own') ?? policies.find(({ name }) => name === 'reactive');
  const said = (one: PolicyAnswer) =>
    `${one.title} is short ${percent(one.shortTimeShare)} of the time with ${one.replicaHours.toFixed(0)} replica-hours`;
  const { savedShare, reactiveReplicaHours, recommendation } = verdict;
  const share = percent(ours.shortTimeShare);
  const beside =
    savedShare === null || reactiveReplicaHours === null
      ? `No target of the reactive rule is short as little as ${share} of the time`
      : `For ${share}, the reactive rule at its best target takes ${reactiveReplicaHours.toFixed(0)} replica-hours: Forescale ${savedShare >= 0 ? 'saves' : 'costs'} ${Math.abs(100 * savedShare).toFixed(1)}%${savedShare >= 0 ? '' : ' more'}`;
  return [
    `${[...(today === undefined ? [] : [today]), ours].map(said).join('; ')}.\n`,
    `${beside}. ${advice[recommendation]}\n`,
    ...(calendar === undefined ? [] : [calendarLine(ours, calendar)]),
  ];
}

function calendarLine(ours: PolicyAnswer, { without, atEvents }: NonNullable<WhatIfAnswer['calendar']>) {
  const figures = ({ shortTimeShare, replicaHours }: Pick<PolicyAnswer, 'shortTimeShare' | 'replicaHours'>) =>
    `${percent(shortTimeShare)} of the time with ${replicaHours.toFixed(0)} replica-hours`;
  const all = `Without the calendar, Forescale is short ${figures(without)}, with it ${figures(ours)}`;
  if (atEvents === null) return `${all}; no event of it is in the judged time.\n`;
  const { hours, ...played } = atEvents;
  return `${all}. In the ${hours.toFixed(0)} hours of its events: ${figures(played.without)} without it, ${figures(played.with)} with it.\n`;
}

const advice = {
  'turn-on': 'It is worth turning on.',
  'no-difference': 'It makes no difference to a target that is set well.',
  'leave-off': 'Leave it off for this workload.',
} as const;

/** The columns of a table: a heading, and each row's figure, of which the best is marked. */
export function columnsOf(rows: readonly Row[]) {
  const hasCost = rows.some(([, { cost }]) => cost !== undefined);
  return (hasCost ? [...columns, costColumn] : columns).map(
    ({ heading, of, show, isBetterHigh }: (typeof columns)[number]) => {
      // Nobody foresees perfectly, and where all are alike there is no best.
      const values = rows.flatMap(([label, figures]) => (label === ideal ? [] : of(figures)));
      const [least, most] = [Math.min(...values), Math.max(...values)];
      const best = isBetterHigh ? most : least;
      const cells = rows.map(([label, figures]) => {
        const value = of(figures);
        return { text: show(value), isBest: label !== ideal && least !== most && value === best };
      });
      return { heading, cells };
    },
  );
}

function tableOf(rows: readonly Row[]): string {
  const shown = columnsOf(rows);
  return textTable([
    ['policy', ...shown.map(({ heading }) => heading)],
    ...rows.map(([label], index) => [
      label,
      ...shown.map(({ cells }) => `${cells[index]?.text ?? ''}${cells[index]?.isBest === true ? '*' : ' '}`),
    ]),
  ]);
}
