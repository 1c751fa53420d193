import { demandStyle, drawPicture } from '../../../bench/report/picture.ts';
import { tenths, words } from '../../../src/what-if/report/svg-text.ts';
import { type RecordedRun, type RunSecond, secondsOf } from './recorded-run.ts';

interface Panel {
  readonly top: number;
  readonly height: number;
  readonly highest: number;
  readonly every: number;
}

const [left, width] = [56, 920];

const style = {
  light: [
    ...demandStyle.light,
    '.needed { fill: none; stroke: #59636e; stroke-width: 1.2; stroke-dasharray: 2 2 }',
    '.ready { fill: none; stroke: #0a7d76; stroke-width: 2.4; stroke-linejoin: round }',
    '.twin { fill: none; stroke: #cf222e; stroke-width: 1.8; stroke-dasharray: 5 3 }',
    '.twin-shed { fill: #cf222e; fill-opacity: 0.55 }',
    '.shed { fill: #0a7d76 }',
    '.away { fill: #bc6a00; fill-opacity: 0.13 }',
  ],
  dark: [
    ...demandStyle.dark,
    '.needed { stroke: #9198a1 }',
    '.ready { stroke: #2bc4b6 }',
    '.twin { stroke: #ff7b72 }',
    '.twin-shed { fill: #ff7b72 }',
    '.shed { fill: #2bc4b6 }',
  ],
};

/** Draws docs/images/cluster.svg from the recorded run; `make docs` writes it. */
export function drawRun(run: RecordedRun): string {
  const seconds = secondsOf(run);
  const { targetRequestsPerSecond: target, daySeconds } = run.scenario;
  const needed = (second: RunSecond) => Math.ceil(second.demand / target);
  const mostPods = Math.max(...seconds.map((one) => Math.max(one.ready, one.twinReady, needed(one))));
  const mostShed = Math.max(5, ...seconds.map((one) => Math.max(one.shed, one.twinShed)));
  const pods: Panel = { top: 128, height: 270, highest: mostPods + 1, every: 2 };
  const rejected: Panel = { top: 464, height: 110, highest: Math.ceil(mostShed / 5) * 5, every: 5 };
  const { ours, twin } = run.found.shed;
  const away = outages(seconds, pods);
  const parts = [
    legend(24, 104, [
      ['demand', 'demand-line', `demand ÷ ${target} requests/s`],
      [undefined, 'needed', 'pods needed'],
      [undefined, 'ready', 'ready pods, Forescale'],
      [undefined, 'twin', 'ready pods, reactive twin'],
      ...(away === '' ? [] : [['away', undefined, 'Prometheus is away'] as const]),
    ]),
    away,
    axes(seconds, pods),
    area(seconds, pods, (second) => second.demand / target),
    steps(seconds, pods, 'needed', needed),
    steps(seconds, pods, 'twin', (second) => second.twinReady),
    steps(seconds, pods, 'ready', (second) => second.ready),
    words(24, 444, 'Rejected requests per second', 'heading'),
    legend(290, 444, [
      ['shed', undefined, `Forescale: ${ours.shed} of ${ours.requests} requests`],
      ['twin-shed', undefined, `reactive twin: ${twin.shed} of ${twin.requests}`],
    ]),
    axes(seconds, rejected),
    bars(seconds, rejected, 'twin-shed', (second) => second.twinShed),
    bars(seconds, rejected, 'shed', (second) => second.shed),
  ];
  return drawPicture({
    width: 1000,
    height: 622,
    description: 'Demand, ready pods and rejected requests of two fleets in a real cluster',
    title: 'Measured in a real cluster: pods are ready before the demand',
    subtitles: [
      `Kubelet, KEDA, autoscaler and Prometheus are real; a day passes in ${daySeconds / 60} minutes. Recorded on ${run.recorded} by npm run test:cluster.`,
    ],
    style,
    parts,
  });
}

function xOf(seconds: readonly RunSecond[], hour: number): number {
  const [first, last] = [seconds[0]?.hour ?? 0, seconds.at(-1)?.hour ?? 1];
  return tenths(left + ((hour - first) / (last - first)) * width);
}

function yOf({ top, height, highest }: Panel, value: number): number {
  return tenths(top + height * (1 - value / highest));
}

function area(seconds: readonly RunSecond[], panel: Panel, of: (second: RunSecond) => number): string {
  const points = seconds.map((second) => `${xOf(seconds, second.hour)},${yOf(panel, of(second))}`).join(' ');
  const bottom = panel.top + panel.height;
  return [
    `<polygon class="demand" points="${left},${bottom} ${points} ${left + width},${bottom}"/>`,
    `<polyline class="demand-line" points="${points}"/>`,
  ].join('\n');
}

/** A path of horizontal and vertical lines, with a corner only where the value changes. */
function steps(
  seconds: readonly RunSecond[],
  panel: Panel,
  name: string,
  of: (second: RunSecond) => number,
): string {
  const corners = seconds.flatMap((second, index) => {
    const before = seconds[index - 1];
    const x = xOf(seconds, second.hour);
    if (before === undefined) return [`M${x},${yOf(panel, of(second))}`];
    return of(before) === of(second) ? [] : [`H${x}V${yOf(panel, of(second))}`];
  });
  return `<path class="${name}" d="${corners.join('')}H${left + width}"/>`;
}

/** Shortest time without an answer that is drawn; less is a scrape that a busy machine missed. */
const outageSeconds = 5;

/** A band for each time in which Prometheus was away. */
function outages(seconds: readonly RunSecond[], panel: Panel): string {
  const bands: string[] = [];
  for (let from = 0; from < seconds.length; from++) {
    const length = seconds.slice(from).findIndex(({ isObserved }) => isObserved);
    const until = length === -1 ? seconds.length - 1 : from + length;
    if (until - from >= outageSeconds) {
      const [x, end] = [from, until].map((at) => xOf(seconds, seconds[at]?.hour ?? 0));
      const wide = tenths((end ?? 0) - (x ?? 0));
      bands.push(`<rect class="away" x="${x}" y="${panel.top}" width="${wide}" height="${panel.height}"/>`);
    }
    from = Math.max(from, until);
  }
  return bands.join('\n');
}

function bars(
  seconds: readonly RunSecond[],
  panel: Panel,
  name: string,
  of: (second: RunSecond) => number,
): string {
  const wide = tenths(Math.max(1, width / seconds.length));
  const drawn = seconds
    .filter((second) => of(second) > 0)
    .map((second) => {
      const y = yOf(panel, of(second));
      return `<rect x="${xOf(seconds, second.hour)}" y="${y}" width="${wide}" height="${tenths(panel.top + panel.height - y)}"/>`;
    });
  return `<g class="${name}">${drawn.join('')}</g>`;
}

function axes(seconds: readonly RunSecond[], panel: Panel): string {
  const bottom = panel.top + panel.height;
  const rows: string[] = [];
  for (let value = 0; value <= panel.highest; value += panel.every) {
    const y = yOf(panel, value);
    rows.push(`<line class="grid" x1="${left}" y1="${y}" x2="${left + width}" y2="${y}"/>`);
    rows.push(words(left - 8, y + 4, String(value), 'quiet', 'end'));
  }
  const [first, last] = [seconds[0]?.hour ?? 0, seconds.at(-1)?.hour ?? 0];
  for (let hour = Math.ceil(first / 3) * 3; hour <= last; hour += 3) {
    const label = `${String(hour % 24).padStart(2, '0')}:00`;
    rows.push(words(xOf(seconds, hour), bottom + 20, label, 'quiet', 'middle'));
  }
  return rows.join('\n');
}

type Swatch = readonly [filled: string | undefined, stroke: string | undefined, label: string];

function legend(x: number, y: number, entries: readonly Swatch[]): string {
  let at = x;
  return entries
    .map(([filled, stroke, label]) => {
      const from = Math.round(at);
      // Text cannot be measured without a browser, so its width is estimated by the number of letters.
      at += 52 + label.length * 7.1;
      return [
        filled === undefined
          ? ''
          : `<rect class="${filled}" x="${from}" y="${y - 10}" width="22" height="12"/>`,
        stroke === undefined ? '' : `<path class="${stroke}" d="M${from},${y - 4}h22"/>`,
        words(from + 28, y, label),
      ].join('');
    })
    .join('\n');
}
