import { type Finding, replicaHoursAt } from '../../../what-if/index.ts';
import { escaped } from '../../../what-if/report/svg-text.ts';
import { type Axis, chart, frameOf, roundTicks, type Tick } from './chart.ts';
import type { Shown } from './day-chart.ts';

/** Shares of short time below this are drawn at it: on a scale of ratios there is no nought. */
const leastShare = 0.0002;
/** And shares above this are beyond the chart: nobody wants them. */
const mostShare = 0.2;
/** Ratio to the oracle's cost up to which there is room at least, and at most. */
const [leastTop, mostTop] = [1.3, 3];
const shareTicks: readonly Tick[] = [
  { at: leastShare, label: '≤ 0.02 %' },
  { at: 0.001, label: '0.1 %' },
  { at: 0.01, label: '1 %' },
  { at: 0.1, label: '10 %' },
];

/**
 * What each policy costs over the time it is short: a line over the settings of its knob, and a dot at the one that is used. The
 * classes of a policy highlight it; all others are there too, in grey.
 */
export function costChart(policies: readonly Shown[], serviceLevel: number): string {
  const oracle = policies[0]?.finding.usual.outcome.oracleReplicaHours ?? 0;
  const x: Axis = {
    title: 'share of time that is short',
    from: leastShare,
    to: mostShare,
    isLogarithmic: true,
    ticks: shareTicks,
  };
  const [from, to] = rangeOf(policies, oracle);
  const y: Axis = { title: 'replica-hours', from, to, ticks: roundTicks(from, to, 4) };
  const ratios = roundTicks(from / oracle, to / oracle, 4);
  const { xOf, yOf } = frameOf({ x, y });
  const placeOf = ({ outcome }: Finding['usual']) =>
    `${xOf(Math.max(leastShare, outcome.shortTimeShare))} ${yOf(outcome.replicaHours)}`;
  const promised = `<path class="promised" d="M${xOf(1 - serviceLevel)} 0V1000"/>`;
  const others = policies.filter(({ classes }) => classes !== 'ours');
  const all = [...others.map((one) => ({ ...one, classes: 'other' })), ...policies];
  const marks = all.map(({ finding, title, classes }) => {
    const path = [...finding.curve]
      .sort((a, b) => a.outcome.replicaHours - b.outcome.replicaHours)
      .map((one, index) => `${index === 0 ? 'M' : 'L'}${placeOf(one)}`)
      .join('');
    const line = path === '' ? '' : `<path class="line ${classes}" d="${path}"/>`;
    return `<g><title>${escaped(title)}</title>${line}<path class="dot ${classes}" d="M${placeOf(finding.usual)}h0"/></g>`;
  });
  return chart({
    label: 'Replica-hours of each policy over the share of time that is short',
    x,
    y,
    right: {
      title: '÷ oracle',
      ticks: ratios.map(({ at, label }) => ({ at: at * oracle, label })),
    },
    marks: promised + marks.join(''),
  });
}

/** Replica-hours from the cheapest to the dearest that Forescale and today's rule need for any share of short time on the axis. */
function rangeOf(policies: readonly Shown[], oracle: number): readonly [from: number, to: number] {
  const within = policies
    .filter(({ finding: { participant } }) => ['forescale', 'reactive', 'own'].includes(participant.name))
    .flatMap(({ finding }) => {
      const outcomes = [finding.usual, ...finding.curve].map(({ outcome }) => outcome);
      const hours = outcomes
        .filter(({ shortTimeShare }) => shortTimeShare >= leastShare && shortTimeShare <= mostShare)
        .map(({ replicaHours }) => replicaHours);
      return [...hours, replicaHoursAt(outcomes, leastShare) ?? oracle];
    });
  const top = Math.min(mostTop * oracle, Math.max(leastTop * oracle, ...within));
  return [0.97 * Math.min(oracle, ...within), 1.02 * top];
}
