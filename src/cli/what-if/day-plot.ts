import { type Demand, type Finding, judgedTick, tickSeconds } from '../../what-if/index.ts';
import { type Plot, xOf, xTick, yOf, yTick } from '../../what-if/report/plot.ts';
import { tenths, words } from '../../what-if/report/svg-text.ts';

const dayTicks = 86_400 / tickSeconds;
/** Points of a line: one for every two minutes. */
const ticksPerPoint = 8;

/** The UTC day of the judged half on which the policy was short longest; its first tick, at least the judged half's. */
export function worstDay(demand: Demand, { usual }: Finding, capacity: number): number {
  const [from, to] = [judgedTick(demand), demand.ticks.length];
  const ready = usual.timeline?.ready(from, to);
  const firstDay = Math.ceil((demand.firstSeconds + from * tickSeconds) / 86_400) * 86_400;
  let [worst, most] = [from, -1];
  for (let tick = (firstDay - demand.firstSeconds) / tickSeconds; tick + dayTicks <= to; tick += dayTicks) {
    let short = 0;
    for (let i = tick; i < tick + dayTicks; i++) {
      if ((demand.ticks[i] ?? Number.NaN) > (ready?.[i - from] ?? 0) * capacity) short++;
    }
    if (short > most) [worst, most] = [tick, short];
  }
  return worst;
}

/** One day of one policy as SVG: demand, what the ready replicas carry, and a mark below wherever that is too little. */
export function dayPlot(
  demand: Demand,
  { participant, usual }: Finding,
  {
    fromTick,
    capacity,
    title,
  }: { readonly fromTick: number; readonly capacity: number; readonly title: string },
): string {
  const toTick = Math.min(fromTick + dayTicks, demand.ticks.length);
  const carried = Array.from(usual.timeline?.ready(fromTick, toTick) ?? [], (ready) => ready * capacity);
  const asked = Array.from(demand.ticks.subarray(fromTick, toTick));
  const highest = Math.max(1e-9, ...carried, ...asked.filter((value) => !Number.isNaN(value)));
  const plot: Plot = {
    left: 56,
    top: 34,
    width: 640,
    height: 190,
    x: { from: 0, to: dayTicks },
    y: { from: 0, to: highest * 1.05 },
  };
  const bottom = plot.top + plot.height;
  const line = (values: readonly number[]) =>
    values
      .flatMap((value, i) =>
        i % ticksPerPoint === 0 && !Number.isNaN(value) ? `${xOf(plot, i)},${yOf(plot, value)}` : [],
      )
      .join(' ');
  const marks = asked.flatMap((value, i) =>
    value > (carried[i] ?? 0)
      ? `<rect class="short" x="${xOf(plot, i)}" y="${bottom + 2}" width="${tenths(Math.max(1, plot.width / dayTicks))}" height="6"/>`
      : [],
  );
  const label = (value: number) => String(Number(value.toPrecision(3)));
  return `<svg viewBox="0 0 716 262" role="img" aria-label="${participant.name}: demand and capacity over a day">
${words(plot.left, 20, title, 'heading')}
${[0, 0.5, 1].map((share) => yTick(plot, share * highest, label(share * highest))).join('')}
${[0, 6, 12, 18, 24].map((hour) => xTick(plot, (hour / 24) * dayTicks, `${hour}:00`, 'label only')).join('')}
<polygon class="demand" points="${xOf(plot, 0)},${bottom} ${line(asked)} ${xOf(plot, dayTicks)},${bottom}"/>
<polyline class="capacity" points="${line(carried)}"/>
${marks.join('')}
</svg>`;
}
