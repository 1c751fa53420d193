import { sparkline } from '../cli/sparkline.ts';
import { formatLatency } from './result.ts';
import type { FleetSample } from './scale-ups.ts';
import { scene } from './scene.ts';

/** What the terminal shows at one moment. Demand in requests per second. */
export interface DemoFrame {
  readonly simulatedTime: string;
  readonly leftSeconds: number;
  /** Sent to each fleet. */
  readonly demand: number;
  readonly signal: number | undefined;
  /** What the signal rests on, in words. */
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

const barWidth = 44;
/** Of one fleet; its line of the past shows the newest twenty seconds. */
const columnWidth = 40;
const labelWidth = 11;

/** The live view: demand and signal, and under them the fleets side by side. Pure; the caller puts the cursor back. */
export function renderFrame(frame: DemoFrame): string {
  const { demand, signal, fleets } = frame;
  const capacities = fleets.map(({ newest }) => newest.capacity);
  const highest = Math.max(scene.peakRequestsPerSecond * 1.2, signal ?? 0, ...capacities);
  const bar = (value: number, fill: string, width = barWidth) =>
    fill.repeat(Math.round((Math.min(value, highest) / highest) * width)).padEnd(width);
  const lately = (samples: readonly FleetSample[], of: (sample: FleetSample) => number) =>
    sparkline(samples.slice(-columnWidth).map(of), { width: columnWidth, highest });
  const row = (label: string, cell: (fleet: (typeof fleets)[number]) => string) =>
    `  ${label.padEnd(labelWidth)}${fleets.map((fleet) => cell(fleet).padEnd(columnWidth + 2)).join('')}`.trimEnd();
  return [
    `Forescale demo   ${frame.simulatedTime} (a day in ${scene.daySeconds / 60} minutes, ${Math.ceil(frame.leftSeconds)} s left)   page: ${frame.pageUrl}`,
    '',
    `  ${'demand'.padEnd(labelWidth)}${bar(demand, '█')} ${number(demand)} req/s to each fleet`,
    `  ${'signal'.padEnd(labelWidth)}${bar(signal ?? 0, '▓')} ${number(signal)} req/s  (${frame.basis})`,
    '',
    row('', ({ name }) => name.toUpperCase()),
    row('capacity', ({ newest }) => `${bar(newest.capacity, '▒', 28)} ${number(newest.capacity)} req/s`),
    row('replicas', ({ newest }) => `${newest.ready} of ${newest.replicas} ready`),
    row('p95', ({ newest }) => formatLatency(newest.p95Ms)),
    row('shed', ({ newest }) => `${newest.shed ?? 0} requests`),
    row('demand', ({ samples }) => lately(samples, (sample) => sample.demand)),
    row('capacity', ({ samples }) => lately(samples, (sample) => sample.capacity)),
    '',
    `  seasons found: ${frame.seasons.join(' and ') || 'none yet'}   polls ${frame.polls}`,
    '  Ctrl-C ends it and leaves nothing behind.',
  ].join('\n');
}

/** One line for those who do not watch: a log, a pipe. */
export function renderLine({ simulatedTime, demand, signal, basis, fleets }: DemoFrame): string {
  const looks = fleets.map(
    ({ name, newest: { ready, replicas, p95Ms, shed = 0 } }) =>
      `${name}: replicas ${ready}/${replicas}, p95 ${formatLatency(p95Ms)}, shed ${shed}`,
  );
  return `${simulatedTime}  demand ${number(demand)}  signal ${number(signal)} (${basis})  ${looks.join('  |  ')}`;
}

function number(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(value < 10 ? 1 : 0);
}
