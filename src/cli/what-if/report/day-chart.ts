import { formatDuration } from '../../../platform/duration.ts';
import { type Demand, type Finding, tickSeconds } from '../../../what-if/index.ts';
import { escaped } from '../../../what-if/report/svg-text.ts';
import { type Axis, chart, type Frame, frameOf, roundTicks } from './chart.ts';
import type { Day } from './days.ts';

/** A policy in a chart, with the classes of its marks. */
export interface Shown {
  readonly finding: Finding;
  readonly title: string;
  readonly classes: string;
}

/** Policies to which the scale of demand is made to fit. */
const scaleFor = ['forescale', 'reactive', 'own'];
/** Points of the demand: one for every two minutes. */
const ticksPerPoint = 8;
/** Shortest mark, so that a quarter of a minute can be seen. */
const shortestMark = 2;

/** One day: demand, what the ready replicas of each policy carry, and below when that was too little. */
export function dayChart(
  day: Day,
  demand: Demand,
  policies: readonly Shown[],
  { capacity, zone }: { readonly capacity: number; readonly zone: string },
): string {
  const { fromTick, toTick } = day;
  const ticks = demand.ticks.subarray(fromTick, toTick);
  const carried = policies.map(({ finding }) =>
    Array.from(finding.usual.timeline?.ready(fromTick, toTick) ?? [], (ready) => ready * capacity),
  );
  // Others may have far more replicas: their line then runs along the top, and their strip says how many.
  const measured = carried.filter((_, i) => scaleFor.includes(policies[i]?.finding.participant.name ?? ''));
  const top = 1.05 * [...ticks, ...measured.flat()].reduce(higher, capacity);
  const x: Axis = {
    title: `time of day, ${zone}`,
    from: fromTick,
    to: toTick,
    ticks: day.hours.map(({ tick, label }) => ({ at: tick, label })),
  };
  const y: Axis = {
    title: 'demand, in the unit of the series',
    from: 0,
    to: top,
    ticks: roundTicks(0, top, 4),
  };
  const replicas = roundTicks(0, top / capacity, 4);
  const frame = frameOf({ x, y });
  const lines = policies.map(({ classes }, i) => stepLine(frame, fromTick, carried[i] ?? [], classes));
  const right = { title: 'replicas', ticks: replicas.map(({ at, label }) => ({ at: at * capacity, label })) };
  const label = `${day.name}: demand and what the ready replicas carry`;
  const strips = policies.map((one, i) => strip(frame, fromTick, ticks, carried[i] ?? [], one, capacity));
  return `${chart({ label, x, y, right, marks: area(frame, fromTick, ticks) + lines.join('') })}
<div class="strips">${strips.join('\n')}</div>`;
}

function higher(most: number, value: number): number {
  return value > most ? value : most;
}

/** Demand as an area, with a hole where it is missing. */
function area({ xOf, yOf }: Frame, fromTick: number, ticks: Float64Array): string {
  const bottom = yOf(0);
  let path = '';
  let last: string | undefined;
  for (let i = 0; i < ticks.length; i += ticksPerPoint) {
    const value = ticks[i] ?? Number.NaN;
    const x = xOf(fromTick + i);
    if (Number.isNaN(value)) {
      if (last !== undefined) path += `V${bottom}Z`;
      last = undefined;
      continue;
    }
    path += last === undefined ? `M${x} ${bottom}V${yOf(value)}` : `L${x} ${yOf(value)}`;
    last = `${x}`;
  }
  if (last !== undefined) path += `H${xOf(fromTick + ticks.length)}V${bottom}Z`;
  return `<path class="demand" d="${path}"/>`;
}

/** A number that changes in steps. */
function stepLine({ xOf, yOf }: Frame, fromTick: number, values: readonly number[], classes: string): string {
  const y = (value: number) => Math.max(0, yOf(value));
  let path = '';
  for (const [i, value] of values.entries()) {
    if (i === 0) path += `M${xOf(fromTick)} ${y(value)}`;
    else if (value !== values[i - 1]) path += `H${xOf(fromTick + i)}V${y(value)}`;
  }
  return `<path class="line ${classes}" d="${path}H${xOf(fromTick + values.length)}"/>`;
}

/** When one policy was short on a day, as marks on a line below the chart, and for how long. */
function strip(
  { xOf }: Frame,
  fromTick: number,
  ticks: Float64Array,
  carried: readonly number[],
  { title, classes }: Shown,
  capacity: number,
): string {
  let [path, count, began] = ['', 0, -1];
  for (let i = 0; i <= ticks.length; i++) {
    const isShort = i < ticks.length && (ticks[i] ?? Number.NaN) > (carried[i] ?? 0);
    if (isShort) count++;
    if (isShort && began < 0) began = i;
    if (isShort || began < 0) continue;
    const [from, to] = [xOf(fromTick + began), xOf(fromTick + i)];
    path += `M${from} 5H${Math.max(to, from + shortestMark)}`;
    began = -1;
  }
  const words = count === 0 ? 'never short' : `short for ${formatDuration(count * tickSeconds)}`;
  return `<div class="strip ${classes}"><span><b></b>${escaped(title)}: ${words}, with ${range(carried, capacity)}</span><svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true"><path class="short" d="${path}"/></svg></div>`;
}

function range(carried: readonly number[], capacity: number): string {
  const replicas = carried.map((value) => Math.round(value / capacity));
  const [fewest, most] = [
    replicas.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    replicas.reduce(higher, 0),
  ];
  return fewest === most ? `${most} replicas` : `${fewest} to ${most} replicas`;
}
