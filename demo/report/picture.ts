import { demandStyle, drawPicture } from '../../bench/report/picture.ts';
import { tenths, words } from '../../src/what-if/report/svg-text.ts';
import type { FleetSample } from '../scale-ups.ts';
import { scenario, simulatedTime } from '../scenario.ts';
import { reactiveFirst } from './result.ts';

interface DrawnFleet {
  readonly name: string;
  /** Samples of the fleet, oldest first. */
  readonly samples: readonly FleetSample[];
}

export interface DemoRecord {
  readonly fleets: readonly DrawnFleet[];
  readonly shiftSeconds: number;
  /** The sentence at the end of the run. */
  readonly verdict: string;
}

const left = 56;
const plotWidth = 920;
/** Distance of the lines of the grid, requests per second. */
const rowStep = 50;
const plotHeight = 190;
const firstTop = 128;
/** Distance of the tops of two panels. */
const panelPitch = 262;

const style = {
  light: [
    ...demandStyle.light,
    '.capacity { fill: none; stroke: #0a7d76; stroke-width: 2.4; stroke-linejoin: round }',
    '.shed { fill: #cf222e; fill-opacity: 0.75 }',
  ],
  dark: [...demandStyle.dark, '.capacity { stroke: #2bc4b6 }', '.shed { fill: #ff7b72 }'],
};

/** The panel of one fleet, with functions from time and requests per second to coordinates in it. */
interface Panel {
  readonly top: number;
  readonly bottom: number;
  x(unixSeconds: number): number;
  y(requestsPerSecond: number): number;
}

/**
 * A picture of demand, ready capacity and rejected requests of each fleet, one panel under the other, as SVG text for light
 * and dark pages. Undefined when there are no two samples.
 */
export function drawDemo({ fleets, shiftSeconds, verdict }: DemoRecord): string | undefined {
  const samples = fleets.flatMap((fleet) => fleet.samples);
  const from = Math.min(...samples.map(({ t }) => t));
  const to = Math.max(...samples.map(({ t }) => t));
  if (!(to > from)) return undefined;
  const highest = 1.05 * Math.max(...samples.map(highestOf));
  const height = firstTop + fleets.length * panelPitch - 34;
  const panels = reactiveFirst(fleets).map((fleet, index) => {
    const top = firstTop + index * panelPitch;
    const bottom = top + plotHeight;
    const panel: Panel = {
      top,
      bottom,
      x: (t) => tenths(left + ((t - from) / (to - from)) * plotWidth),
      y: (value) => tenths(bottom - (value / highest) * plotHeight),
    };
    return [
      words(24, top - 16, headingOf(fleet), 'heading'),
      rows(panel, highest),
      hours(panel, from, to, shiftSeconds),
      demandOf(panel, fleet),
      shedOf(panel, fleet),
      capacityOf(panel, fleet),
    ].join('\n');
  });
  return drawPicture({
    width: 1000,
    height,
    description: `Demand, capacity and shed requests of two fleets under the same load: ${verdict}`,
    title: 'The same load to two fleets of real processes',
    subtitles: [`${verdict}.`],
    style,
    parts: [legend(24, 84), ...panels],
  });
}

function headingOf({ name, samples }: DrawnFleet): string {
  const shed = samples.at(-1)?.shed ?? 0;
  const how = name === 'forescale' ? 'scaled on Forescale’s signal' : 'scaled on what is observed';
  return `${name}: ${how}, ${shed} requests shed`;
}

function highestOf({ demand, capacity }: FleetSample): number {
  return Math.max(demand, capacity);
}

function rows({ y }: Panel, highest: number): string {
  const values = Array.from({ length: Math.floor(highest / rowStep) + 1 }, (_, row) => row * rowStep);
  return values
    .map((value) => {
      const at = y(value);
      return `<line class="grid" x1="${left}" y1="${at}" x2="${left + plotWidth}" y2="${at}"/>${words(left - 8, at + 4, String(value), 'quiet', 'end')}`;
    })
    .join('\n');
}

/** Labels of the time axis: every third simulated hour, or every hour of a short run. */
function hours({ x, bottom }: Panel, from: number, to: number, shiftSeconds: number): string {
  const hourSeconds = scenario.daySeconds / 24;
  const everyHours = to - from > 9 * hourSeconds ? 3 : 1;
  const every = everyHours * hourSeconds;
  const texts: string[] = [];
  for (let t = Math.ceil((from + shiftSeconds) / every) * every - shiftSeconds; t <= to; t += every) {
    const [, time = ''] = simulatedTime(t, shiftSeconds).split(' ');
    texts.push(words(x(t), bottom + 20, time, 'quiet', 'middle'));
  }
  return texts.join('\n');
}

function demandOf({ x, y, bottom }: Panel, { samples }: DrawnFleet): string {
  const points = samples.map(({ t, demand }) => `${x(t)},${y(demand)}`).join(' ');
  const [first, last] = [samples[0]?.t ?? 0, samples.at(-1)?.t ?? 0];
  return [
    `<polygon class="demand" points="${x(first)},${bottom} ${points} ${x(last)},${bottom}"/>`,
    `<polyline class="demand-line" points="${points}"/>`,
  ].join('\n');
}

/** The line of the capacity, with a corner only where the value changes. */
function capacityOf({ x, y }: Panel, { samples }: DrawnFleet): string {
  const corners = samples.map((sample, index) => {
    const before = samples[index - 1];
    if (before === undefined) return `M${x(sample.t)},${y(sample.capacity)}`;
    return before.capacity === sample.capacity ? '' : `H${x(sample.t)}V${y(sample.capacity)}`;
  });
  return `<path class="capacity" d="${corners.join('')}H${x(samples.at(-1)?.t ?? 0)}"/>`;
}

/** A bar for each interval in which requests were rejected, as high as their rate. */
function shedOf({ x, y, bottom }: Panel, { samples }: DrawnFleet): string {
  const bars = samples.flatMap((sample, index) => {
    const before = samples[index - 1];
    const count = (sample.shed ?? 0) - (before?.shed ?? 0);
    if (before === undefined || count <= 0) return [];
    const [start, top] = [x(before.t), y(count / (sample.t - before.t))];
    return [
      `<rect x="${start}" y="${top}" width="${tenths(x(sample.t) - start)}" height="${tenths(bottom - top)}"/>`,
    ];
  });
  return `<g class="shed">${bars.join('')}</g>`;
}

function legend(x: number, y: number): string {
  return [
    `<rect class="demand" x="${x}" y="${y - 10}" width="22" height="12"/><path class="demand-line" d="M${x},${y - 4}h22"/>`,
    words(x + 28, y, 'demand, requests per second'),
    `<path class="capacity" d="M${x + 248},${y - 4}h22"/>`,
    words(x + 276, y, 'capacity that is ready'),
    `<rect class="shed" x="${x + 452}" y="${y - 10}" width="22" height="12"/>`,
    words(x + 480, y, 'shed, requests per second'),
  ].join('\n');
}
