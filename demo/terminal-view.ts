import { formatDuration } from '../src/platform/duration.ts';
import type { Paint } from '../src/platform/terminal/paint.ts';
import { sparkline } from '../src/platform/terminal/sparkline.ts';
import { formatLatency, reactiveFirst } from './report/result.ts';
import type { FleetSample } from './scale-ups.ts';
import { scenario } from './scenario.ts';

/** The data that the terminal shows at one moment. */
export interface DemoFrame {
  readonly simulatedTime: string;
  readonly leftSeconds: number;
  /** Requests per second that each fleet is sent. */
  readonly demand: number;
  readonly signal: number | undefined;
  /** The rule that decided the signal, in words for people. */
  readonly basis: string;
  readonly seasons: readonly string[];
  readonly fleets: readonly {
    readonly name: string;
    readonly newest: FleetSample;
    readonly samples: readonly FleetSample[];
  }[];
  readonly polls: number;
  readonly pageUrl: string;
}

/** Words for what the replicas of each fleet follow, by the fleet's name. */
const follows: Readonly<Record<string, string>> = {
  forescale: 'follows the forecast',
  reactive: 'follows demand now',
};
/** Width of a fleet's column. The widest one shows the newest twenty seconds. */
const columnWidths = { least: 22, most: 40 } as const;
const labelWidth = 12;
const gap = 2;
/** Leaves a text as it is. */
const plain: Paint = (_, text) => text;
/** Columns of a terminal from which on no line is cut. */
const narrowest = 60;
/** Width of ` 120 req/s` behind the bars. */
const unitWidth = 11;

/**
 * The live view for a terminal with `columns` columns: demand and signal, and below them the fleets side by side. From 60
 * columns on, no line is longer than the terminal. The function is pure; the caller moves the cursor back.
 */
export function renderFrame(frame: DemoFrame, columns = 100, painter: Paint = plain): string {
  const { demand, signal } = frame;
  const fleets = reactiveFirst(frame.fleets);
  // A line that is cut must not lose the end of a colour.
  const paint = columns >= narrowest ? painter : plain;
  const forFleets = Math.floor((columns - gap - labelWidth) / Math.max(1, fleets.length)) - gap;
  const columnWidth = Math.max(columnWidths.least, Math.min(columnWidths.most, forFleets));
  const highest = Math.max(
    scenario.peakRequestsPerSecond * 1.2,
    signal ?? 0,
    ...fleets.map(({ newest }) => newest.capacity),
  );
  const cells = columnWidth - unitWidth;
  const bar = (value: number, fill: string) => fill.repeat(cellsOf(value, highest, cells)).padEnd(cells);
  const lately = (samples: readonly FleetSample[], of: (sample: FleetSample) => number) =>
    sparkline(samples.slice(-columnWidth).map(of), { width: columnWidth, highest });
  const line = (label: string, text: string) => `  ${label.padEnd(labelWidth)}${text}`;
  const row = (
    label: string,
    cell: (fleet: (typeof fleets)[number]) => string,
    look: (text: string, fleet: (typeof fleets)[number]) => string = (text) => text,
  ) => line(label, fleets.map((fleet) => look(cell(fleet).padEnd(columnWidth + gap), fleet)).join(''));
  const lines = [
    'Forescale demo: one load, two fleets of real processes',
    `${frame.simulatedTime}, a day in ${scenario.daySeconds / 60} minutes, ${Math.ceil(frame.leftSeconds)} s left`,
    `page: ${frame.pageUrl}`,
    '',
    line('demand', `${bar(demand, '█')} ${number(demand)} req/s to each fleet`),
    line('forecast', `${bar(signal ?? 0, '▓')} ${number(signal)} req/s told to KEDA`),
    `  ${frame.basis}`,
    '',
    row(
      '',
      ({ name }) => name.toUpperCase(),
      (text) => paint('bold', text),
    ),
    row('', ({ name }) => follows[name] ?? ''),
    row('capacity', ({ newest }) => {
      const filled = bar(newest.capacity, '▒');
      const at = Math.min(cells - 1, cellsOf(demand, highest, cells));
      return `${filled.slice(0, at)}┃${filled.slice(at + 1)} ${number(newest.capacity)} req/s`;
    }),
    row(
      'replicas',
      ({ newest }) => `${newest.ready} of ${newest.replicas} ready`,
      (text, { newest }) => paint(newest.capacity >= demand ? 'green' : 'red', text),
    ),
    row('p95 of 10 s', ({ newest }) => formatLatency(newest.p95Ms)),
    row(
      'rejected',
      ({ newest }) => `${newest.shed ?? 0} requests`,
      (text, { newest }) => paint((newest.shed ?? 0) > 0 ? 'red' : 'green', text),
    ),
    '',
    row('demand', ({ samples }) => lately(samples, (sample) => sample.demand)),
    row('capacity', ({ samples }) => lately(samples, (sample) => sample.capacity)),
    line('', `the last ${(columnWidth * scenario.sampleSeconds).toFixed(0)} s`),
    '',
    '  ┃ is demand. When capacity ends before it, requests wait;',
    '  a request that finds every queue full is rejected: 503.',
    `  Seasons: ${frame.seasons.map(seasonWords).join(', ') || 'none yet'}. KEDA polls: ${frame.polls}`,
    '  Ctrl-C ends it; the results are of the time until then.',
  ];
  return lines
    .map((one) => (columns >= narrowest ? one.trimEnd() : one.trimEnd().slice(0, columns)))
    .join('\n');
}

function cellsOf(value: number, highest: number, cells: number): number {
  return Math.round((Math.min(value, highest) / highest) * cells);
}

/** A season in words, which add `day` or `week` where it is that of the scenario. */
export function seasonWords(season: string): string {
  if (season === formatDuration(scenario.daySeconds)) return `${season} (the day)`;
  return season === formatDuration(7 * scenario.daySeconds) ? `${season} (the week)` : season;
}

/** One line for a log or a pipe. */
export function renderLine({ simulatedTime, demand, signal, basis, fleets }: DemoFrame): string {
  const looks = reactiveFirst(fleets).map(
    ({ name, newest: { ready, replicas, p95Ms, shed = 0 } }) =>
      `${name}: replicas ${ready}/${replicas}, p95 ${formatLatency(p95Ms)}, rejected ${shed}`,
  );
  return `${simulatedTime}  demand ${number(demand)} req/s  signal ${number(signal)} (${basis})  ${looks.join('  |  ')}`;
}

function number(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(value < 10 ? 1 : 0);
}
