import { formatDuration } from '../../../platform/duration.ts';
import type { StartUpCost } from '../../../what-if/index.ts';
import { type Axis, chart, frameOf, roundTicks } from './chart.ts';

const lines = [
  { title: 'reactive, best target', classes: 'beside', hoursOf: (one: StartUpCost) => one.reactiveHours },
  { title: 'Forescale', classes: 'ours', hoursOf: (one: StartUpCost) => one.forescaleHours },
  { title: 'oracle', classes: 'other', hoursOf: (one: StartUpCost) => one.oracleHours },
] as const;

/** Replica-hours at equal service over the start-up of a replica, as a chart and as a table. */
export function startUpChart(costs: readonly StartUpCost[], ownSeconds: number | undefined): string {
  const hours = costs.flatMap((one) => lines.flatMap(({ hoursOf }) => hoursOf(one) ?? []));
  const [from, to] = [0.97 * Math.min(...hours), 1.02 * Math.max(...hours)];
  const [first, last] = [costs[0]?.startUpSeconds ?? 60, costs.at(-1)?.startUpSeconds ?? 1800];
  const x: Axis = {
    title: 'start-up of a replica',
    // A little more at both ends, so that the dots there are whole.
    from: 0.95 * first,
    to: 1.05 * last,
    isLogarithmic: true,
    ticks: costs.map(({ startUpSeconds: at }) => ({ at, label: formatDuration(at) })),
  };
  const y: Axis = { title: 'replica-hours', from, to, ticks: roundTicks(from, to, 4) };
  const { xOf, yOf } = frameOf({ x, y });
  const marks = lines.map(({ classes, hoursOf }) => {
    const points = costs.map((one) => {
      const value = hoursOf(one);
      return value === undefined ? undefined : `${xOf(one.startUpSeconds)} ${yOf(value)}`;
    });
    const path = points.map((point, i) =>
      point === undefined ? '' : `${points[i - 1] === undefined ? 'M' : 'L'}${point}`,
    );
    const dots = points.map((point) => (point === undefined ? '' : `M${point}h0`));
    return `<path class="line ${classes}" d="${path.join('')}"/><path class="dot ${classes}" d="${dots.join('')}"/>`;
  });
  const isShown = ownSeconds !== undefined && ownSeconds >= first && ownSeconds <= last;
  const own = isShown ? `<path class="promised" d="M${xOf(ownSeconds)} 0V1000"/>` : '';
  const label = 'Replica-hours at equal service over the start-up of a replica';
  return `${chart({ label, x, y, marks: own + marks.join('') })}\n${table(costs)}`;
}

function table(costs: readonly StartUpCost[]): string {
  const head = ['start-up', ...lines.map(({ title }) => title), 'Forescale saves'];
  const rows = costs.map((one) => {
    const { reactiveHours, forescaleHours } = one;
    const saved =
      reactiveHours === undefined || forescaleHours === undefined
        ? '–'
        : `${(100 * (1 - forescaleHours / reactiveHours)).toFixed(1)} %`;
    const cells = lines.map(({ hoursOf }) => hoursOf(one)?.toFixed(0) ?? 'none keeps it');
    return `<tr><td>${formatDuration(one.startUpSeconds)}</td>${[...cells, saved].map((text) => `<td>${text}</td>`).join('')}</tr>`;
  });
  return `<div class="scroll"><table><tr>${head.map((text) => `<th>${text}</th>`).join('')}</tr>${rows.join('\n')}</table></div>`;
}
