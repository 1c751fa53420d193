import { clockTime } from '../chart/times.js';
import { formatNumber, formatShare, formatSpan } from '../words.js';

/** Up to this relative difference two numbers of replica-hours are called the same. */
const sameShare = 0.02;

const names = { reactive: 'Reactive rule', forescale: 'Forescale' };

/**
 * Groups of rows of the table, one for the present settings and one for others: both rules, and the reactive rule at the target with
 * which it is short as little as Forescale.
 * @param {object} present answer of the API for the present settings
 * @param {object} [changed] answer for the changed settings
 */
export function resultGroups(present, changed) {
  const groups = [{ title: 'Settings of now', rows: rowsOf(present) }];
  return changed === undefined ? groups : [...groups, { title: 'Changed settings', rows: rowsOf(changed) }];
}

function rowsOf({ policies, verdict }) {
  const rows = policies.map((policy) => ({
    name: names[policy.name] ?? policy.title,
    isOurs: policy.name === 'forescale',
    short: policy.shortTimeShare,
    hours: policy.replicaHours,
    cells: [
      formatShare(policy.shortTimeShare, 2),
      formatSpan(policy.longestShortSeconds),
      formatShare(policy.worstDayShortShare, 1),
      formatNumber(policy.replicaHours),
      formatNumber(onAverage(policy.replicaHours, policy.hours)),
    ],
  }));
  const ours = policies.find(({ name }) => name === 'forescale');
  const hours = verdict?.reactiveReplicaHours ?? null;
  if (ours === undefined || hours === null) return rows;
  return [
    ...rows,
    {
      name: 'Reactive rule at a target that is short as little',
      isOurs: false,
      short: ours.shortTimeShare,
      hours,
      cells: [
        formatShare(ours.shortTimeShare, 2),
        '–',
        '–',
        formatNumber(hours),
        formatNumber(onAverage(hours, ours.hours)),
      ],
    },
  ];
}

const onAverage = (replicaHours, hours) => (hours > 0 ? replicaHours / hours : 0);

/** Which is cheaper, in sentences: Forescale or the reactive rule, and the changed settings or the present ones. */
export function resultSentences(present, changed) {
  const judged = changed ?? present;
  const sentences = [
    verdictWords(judged.verdict),
    changed && changeWords(present, changed),
    calendarWords(judged.calendar),
  ];
  return sentences.filter(Boolean);
}

function calendarWords(calendar) {
  if (!calendar?.atEvents) return undefined;
  const { hours, with: known, without } = calendar.atEvents;
  const figures = ({ shortTimeShare, replicaHours }) =>
    `short for ${formatShare(shortTimeShare, 2)} of the time with ${formatNumber(replicaHours)} replica-hours`;
  return `In the ${formatNumber(hours)} hours of events of its calendars Forescale is ${figures(known)}; without the calendars it would be ${figures(without)}.`;
}

function verdictWords(verdict) {
  if (verdict === null) return undefined;
  const { savedShare } = verdict;
  if (savedShare === null) return 'At no target is the reactive rule short so little as Forescale.';
  if (Math.abs(savedShare) < sameShare)
    return 'For the same time short, Forescale and the reactive rule cost the same.';
  const than = 'than the reactive rule at its best target';
  return savedShare > 0
    ? `Forescale is cheaper: for the same time short it needs ${formatShare(savedShare, 0)} fewer replica-hours ${than}.`
    : `The reactive rule is cheaper: for the same time short Forescale needs ${formatShare(-savedShare, 0)} more replica-hours ${than}.`;
}

function changeWords(present, changed) {
  const of = ({ policies }) => policies.find(({ name }) => name === 'forescale');
  const [before, after] = [of(present), of(changed)];
  if (before === undefined || after === undefined) return undefined;
  const ratio = after.replicaHours / before.replicaHours - 1;
  const cost =
    Math.abs(ratio) < sameShare
      ? 'costs the same'
      : `needs ${formatShare(Math.abs(ratio), 0)} ${ratio < 0 ? 'fewer' : 'more'} replica-hours`;
  return `With the changed settings Forescale ${cost} and is short for ${formatShare(after.shortTimeShare, 2)} of the time, where it is ${formatShare(before.shortTimeShare, 2)} now.`;
}

/** What was judged, for a note below the table. */
export function judgedWords({ from, to, warnings }) {
  return [
    `Judged from ${clockTime(from)} to ${clockTime(to)}; what was before it is learned from.`,
    ...warnings.map((warning) => `${warning}.`.replace(/\.\.$/, '.')),
  ].join(' ');
}
