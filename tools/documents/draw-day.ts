import { demandStyle, drawPicture } from '../../bench/report/picture.ts';
import { tenths, words } from '../../src/what-if/report/svg-text.ts';
import { capacityOf, type DayMinute, judgeDay, scene } from './document-day.ts';

interface Panel {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly tickMinutes: number;
  readonly highest: number;
}

const across = { left: 56, width: 920, highest: 150 };
const wholeDay: Panel = { ...across, top: 134, height: 230, fromMinute: 0, toMinute: 1440, tickMinutes: 180 };
const morning: Panel = { ...across, top: 458, height: 210, fromMinute: 360, toMinute: 570, tickMinutes: 30 };

const style = {
  light: [
    ...demandStyle.light,
    '.signal { fill: none; stroke: #bc6a00; stroke-width: 1.3 }',
    '.ready { fill: none; stroke: #0a7d76; stroke-width: 2.4; stroke-linejoin: round }',
    '.reactive { fill: none; stroke: #cf222e; stroke-width: 1.8; stroke-dasharray: 5 3 }',
    '.short { fill: #cf222e; fill-opacity: 0.35 }',
    '.window { fill: #0a7d76; fill-opacity: 0.08 }',
  ],
  dark: [
    ...demandStyle.dark,
    '.signal { stroke: #f0a04b }',
    '.ready { stroke: #2bc4b6 }',
    '.reactive { stroke: #ff7b72 }',
    '.short { fill: #ff7b72 }',
    '.window { fill: #2bc4b6; fill-opacity: 0.12 }',
  ],
};

/** Draws docs/images/day.svg, which `make docs` writes. */
export function drawDay(day: readonly DayMinute[]): string {
  const { forescale, reactive, cautious } = judgeDay(day);
  const { targetRequestsPerSecond, cautiousTargetRequestsPerSecond, startUpSeconds } = scene;
  const morningX = xOf(wholeDay, morning.fromMinute);
  const parts = [
    legend(24, 106, [
      ['demand', 'demand-line', 'demand, requests per second'],
      [undefined, 'signal', 'signal: what KEDA is told'],
      [undefined, 'ready', 'capacity that is ready'],
    ]),
    `<rect class="window" x="${morningX}" y="${wholeDay.top}" width="${tenths(xOf(wholeDay, morning.toMinute) - morningX)}" height="${wholeDay.height}"/>`,
    axes(wholeDay),
    demandOf(wholeDay, day, 2),
    line(wholeDay, day, 'signal', (minute) => minute.signal, 1),
    steps(wholeDay, day, 'ready', (minute) => capacityOf(minute, 'forescale')),
    words(24, 424, 'The morning ramp, closer', 'heading'),
    legend(236, 424, [
      [undefined, 'ready', 'capacity with Forescale'],
      [undefined, 'reactive', 'with the HPA on what is observed'],
      ['short', undefined, 'short: demand above that'],
    ]),
    axes(morning),
    demandOf(morning, day, 1),
    shortOf(morning, day),
    steps(morning, day, 'reactive', (minute) => capacityOf(minute, 'reactive')),
    steps(morning, day, 'ready', (minute) => capacityOf(minute, 'forescale')),
  ];
  return drawPicture({
    width: 1000,
    height: 716,
    description: 'A simulated working day of demand, signal and ready capacity',
    title: 'A working day, simulated: capacity is ready before the demand',
    subtitles: [
      `Three weeks of history; a replica carries ${targetRequestsPerSecond} requests/s and is ready ${startUpSeconds / 60} minutes after it is asked for.`,
      `Minutes short: ${forescale.shortMinutes} of ${day.length}. With the HPA on what is observed ${reactive.shortMinutes}, at ${percent(reactive.replicaHours / forescale.replicaHours)} of the replica hours; with its target lowered to ${cautiousTargetRequestsPerSecond}, ${cautious.shortMinutes} at ${percent(cautious.replicaHours / forescale.replicaHours)}.`,
    ],
    style,
    parts,
  });
}

const within = ({ fromMinute, toMinute }: Panel, day: readonly DayMinute[]) =>
  day.filter(({ minute }) => minute >= fromMinute && minute < toMinute);

function xOf(panel: Panel, minute: number): number {
  const share = (minute - panel.fromMinute) / (panel.toMinute - panel.fromMinute);
  return tenths(panel.left + share * panel.width);
}

function yOf(panel: Panel, requestsPerSecond: number): number {
  return tenths(panel.top + panel.height * (1 - requestsPerSecond / panel.highest));
}

function line(
  panel: Panel,
  day: readonly DayMinute[],
  name: string,
  of: (minute: DayMinute) => number,
  every: number,
): string {
  const points = within(panel, day).filter(({ minute }) => minute % every === 0);
  return `<polyline class="${name}" points="${points.map((minute) => `${xOf(panel, minute.minute)},${yOf(panel, of(minute))}`).join(' ')}"/>`;
}

/** SVG path of horizontal and vertical lines, with a corner only where the value changes. */
function steps(
  panel: Panel,
  day: readonly DayMinute[],
  name: string,
  of: (minute: DayMinute) => number,
): string {
  const minutes = within(panel, day);
  const corners = minutes.flatMap((minute, index) => {
    const before = minutes[index - 1];
    if (before === undefined) return [`M${xOf(panel, minute.minute)},${yOf(panel, of(minute))}`];
    return of(before) === of(minute) ? [] : [`H${xOf(panel, minute.minute)}`, `V${yOf(panel, of(minute))}`];
  });
  return `<path class="${name}" d="${corners.join('')}H${panel.left + panel.width}"/>`;
}

function demandOf(panel: Panel, day: readonly DayMinute[], every: number): string {
  const points = within(panel, day)
    .filter(({ minute }) => minute % every === 0)
    .map(({ minute, demand }) => `${xOf(panel, minute)},${yOf(panel, demand)}`);
  const [first = '', last = ''] = [points[0]?.split(',')[0], points.at(-1)?.split(',')[0]];
  const bottom = panel.top + panel.height;
  return [
    `<polygon class="demand" points="${first},${bottom} ${points.join(' ')} ${last},${bottom}"/>`,
    `<polyline class="demand-line" points="${points.join(' ')}"/>`,
  ].join('\n');
}

/** Draws a bar for each minute in which the reactive fleet is short, from its ready capacity up to the demand. */
function shortOf(panel: Panel, day: readonly DayMinute[]): string {
  const barWidth = tenths(panel.width / (panel.toMinute - panel.fromMinute));
  const bars = within(panel, day)
    .filter((minute) => minute.demand > capacityOf(minute, 'reactive'))
    .map((minute) => {
      const top = yOf(panel, minute.demand);
      const bottom = yOf(panel, capacityOf(minute, 'reactive'));
      return `<rect x="${xOf(panel, minute.minute)}" y="${top}" width="${barWidth}" height="${tenths(bottom - top)}"/>`;
    });
  return `<g class="short">${bars.join('')}</g>`;
}

function axes(panel: Panel): string {
  const bottom = panel.top + panel.height;
  const rows = [0, 50, 100, 150].map((value) => {
    const y = yOf(panel, value);
    return `<line class="grid" x1="${panel.left}" y1="${y}" x2="${panel.left + panel.width}" y2="${y}"/>${words(panel.left - 8, y + 4, String(value), 'quiet', 'end')}`;
  });
  const columns: string[] = [];
  for (let minute = panel.fromMinute; minute <= panel.toMinute; minute += panel.tickMinutes) {
    const anchor = minute === panel.toMinute ? 'end' : minute === panel.fromMinute ? 'start' : 'middle';
    columns.push(words(xOf(panel, minute), bottom + 20, timeOfDay(minute), 'quiet', anchor));
  }
  return [...rows, ...columns].join('\n');
}

type Swatch = readonly [area: string | undefined, stroke: string | undefined, label: string];

function legend(x: number, y: number, entries: readonly Swatch[]): string {
  let left = x;
  return entries
    .map(([area, stroke, label]) => {
      const at = Math.round(left);
      // Text cannot be measured without a browser, so its width is estimated by the number of letters.
      left += 52 + label.length * 7.1;
      return [
        area === undefined ? '' : `<rect class="${area}" x="${at}" y="${y - 10}" width="22" height="12"/>`,
        stroke === undefined ? '' : `<path class="${stroke}" d="M${at},${y - 4}h22"/>`,
        words(at + 28, y, label),
      ].join('');
    })
    .join('\n');
}

function timeOfDay(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}
