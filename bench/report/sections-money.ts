import { costRatio, type Outcome } from '../../src/what-if/index.ts';
import { allowedShortShare, type PolicyMoney, type TraceMoney } from '../money/measure-money.ts';
import { horizonLabel, ratio, type Section, share } from './report.ts';

/** What every policy costs and how long it is short: one table over all traces, and one of our default by trace. */
export function moneySections(money: readonly TraceMoney[]): Section[] {
  if (money.length === 0) return [];
  const startUps = [...new Set(money.map(({ startUpSeconds }) => startUpSeconds))];
  return [
    summarySection(money, startUps),
    ...startUps.map((seconds) =>
      traceSection(
        seconds,
        money.filter(({ startUpSeconds }) => startUpSeconds === seconds),
      ),
    ),
  ];
}

function summarySection(money: readonly TraceMoney[], startUps: readonly number[]): Section {
  const names = [...new Set(money.flatMap(({ policies: all }) => all.map(({ policy }) => policy)))];
  return {
    title: 'Money: short time and replica-hours by start-up of a replica',
    notes: [
      'Second half of each trace, about 20 replicas, in virtual time through the HPA. Cost = replica-hours ÷ those of an oracle that knows all demand and the start-up. Medians / means over traces.',
      `Chosen before = the setting that was cheapest in the second quarter among those that were short for at most ${share(allowedShortShare, 0)} of it; kept = traces on which it was so afterwards. Hindsight = the cheapest setting within ${share(allowedShortShare, 0)}, over the traces where there is one. ÷ reactive = replica-hours of the default ÷ those of the reactive rule at its best target for the same short time, over the traces where a target is short so little.`,
    ],
    rows: [
      [
        'start-up',
        'policy',
        'default: short',
        'cost',
        'chosen before: short',
        'cost',
        'kept',
        'hindsight: cost',
        'traces',
        '÷ reactive',
        'traces',
      ],
      ...startUps.flatMap((seconds) => {
        const traces = money.filter(({ startUpSeconds }) => startUpSeconds === seconds);
        return names.map((name) => [
          ...summaryRow(seconds, name, ofPolicy(traces, name)),
          ...(name === 'forescale' ? againstReactive(traces) : ['–', '–']),
        ]);
      }),
    ],
  };
}

/** Our default beside the reactive rule at the same short time, and on how many traces a target is short so little. */
function againstReactive(money: readonly TraceMoney[]): readonly string[] {
  const ratios = money.flatMap((one) => one.againstReactive ?? []);
  return [`${three(median(ratios))} / ${three(mean(ratios))}`, `${ratios.length} of ${money.length}`];
}

function summaryRow(
  startUpSeconds: number,
  policy: string,
  money: readonly PolicyMoney[],
): readonly string[] {
  const defaults = money.map(({ atDefault }) => atDefault);
  const chosen = money.map(({ chosenBefore }) => chosenBefore);
  const hindsight = money.flatMap((one) => one.hindsight ?? []);
  const kept = chosen.filter(({ shortTimeShare }) => shortTimeShare <= allowedShortShare);
  return [
    horizonLabel(startUpSeconds),
    money[0]?.title ?? policy,
    both(defaults, shortOf, percent),
    both(defaults, costRatio, three),
    both(chosen, shortOf, percent),
    both(chosen, costRatio, three),
    String(kept.length),
    both(hindsight, costRatio, three),
    `${hindsight.length} of ${money.length}`,
  ];
}

function traceSection(startUpSeconds: number, money: readonly TraceMoney[]): Section {
  return {
    title: `Money at a start-up of ${horizonLabel(startUpSeconds)}, by trace`,
    notes: [
      `Forescale with its default. ÷ reactive = its replica-hours ÷ those of the reactive rule at its best target for the same short time; – where no target is short so little. The last columns are costs in hindsight at ${share(allowedShortShare, 0)} short time.`,
    ],
    rows: [
      [
        'trace',
        'short',
        'unserved',
        'worst day',
        'longest',
        'cost',
        'changes',
        '÷ reactive',
        'reactive',
        'perfect',
      ],
      ...money.map((one) => traceRow(one)),
      ...(['median', 'mean'] as const).map((kind) => meanRow(kind, money)),
    ],
  };
}

function traceRow(money: TraceMoney): readonly string[] {
  const ours = named(money, 'forescale')?.atDefault;
  if (ours === undefined) return [money.trace];
  const cost = (policy: string) => {
    const best = named(money, policy)?.hindsight;
    return ratio(best === undefined ? undefined : costRatio(best), 3);
  };
  return [
    money.trace,
    percent(ours.shortTimeShare),
    percent(ours.unservedShare),
    percent(ours.worstDayShortShare),
    `${ours.longestShortSeconds / 60}m`,
    three(costRatio(ours)),
    String(ours.changes),
    ratio(money.againstReactive, 3),
    cost('reactive'),
    cost('perfect'),
  ];
}

function meanRow(kind: 'median' | 'mean', money: readonly TraceMoney[]): readonly string[] {
  const of = kind === 'median' ? median : mean;
  const ours = ofPolicy(money, 'forescale').map(({ atDefault }) => atDefault);
  const hindsight = (policy: string) =>
    three(of(ofPolicy(money, policy).flatMap((one) => (one.hindsight ? costRatio(one.hindsight) : []))));
  return [
    kind,
    percent(of(ours.map(shortOf))),
    percent(of(ours.map(({ unservedShare }) => unservedShare))),
    percent(of(ours.map(({ worstDayShortShare }) => worstDayShortShare))),
    `${ratio(of(ours.map(({ longestShortSeconds }) => longestShortSeconds / 60)), 0)}m`,
    three(of(ours.map(costRatio))),
    ratio(of(ours.map(({ changes }) => changes)), 0),
    three(of(money.flatMap(({ againstReactive }) => againstReactive ?? []))),
    hindsight('reactive'),
    hindsight('perfect'),
  ];
}

function named(money: TraceMoney, policy: string): PolicyMoney | undefined {
  return money.policies.find((one) => one.policy === policy);
}

function ofPolicy(money: readonly TraceMoney[], policy: string): readonly PolicyMoney[] {
  return money.flatMap((one) => named(one, policy) ?? []);
}

const shortOf = ({ shortTimeShare }: Outcome) => shortTimeShare;
const percent = (value: number) => share(value, 2);
const three = (value: number) => ratio(value, 3);

function both(
  outcomes: readonly Outcome[],
  figureOf: (outcome: Outcome) => number,
  show: (value: number) => string,
): string {
  const values = outcomes.map(figureOf);
  return `${show(median(values))} / ${show(mean(values))}`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
