import {
  type Plot,
  path,
  plotStyle,
  type Tone,
  xTick,
  yOf,
  yTick,
} from '../../../src/what-if/report/plot.ts';
import { tenths, words } from '../../../src/what-if/report/svg-text.ts';
import { drawPicture } from '../../report/picture.ts';
import type { ScaleReport, ScaleRun } from './scale-report.ts';

/** A curve over the number of workloads. */
interface Curve {
  readonly tone: Tone;
  readonly name: string;
  readonly of: (run: ScaleRun) => number | undefined;
}

/** One plot of the picture: what it shows, in which unit. */
interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly curves: readonly Curve[];
}

const perWorkload = (cores: number | undefined, { workloads }: ScaleRun) =>
  cores === undefined ? undefined : (60_000 * cores) / workloads;

const panels: readonly Panel[] = [
  {
    title: 'CPU a workload',
    unit: 'ms a minute',
    curves: [
      { tone: 'one', name: 'KEDA asks', of: (run) => perWorkload(run.keda?.cores, run) },
      { tone: 'two', name: 'bare grpc-js', of: (run) => perWorkload(run.keda?.bareCores, run) },
      { tone: 'three', name: 'nobody asks', of: (run) => perWorkload(run.refresh?.cores, run) },
    ],
  },
  {
    title: 'CPU of one call',
    unit: 'µs',
    curves: [
      { tone: 'one', name: 'GetMetrics', of: ({ calls }) => calls?.GetMetrics.microseconds },
      { tone: 'two', name: 'bare grpc-js', of: ({ calls }) => calls?.GetMetrics.bareMicroseconds },
      { tone: 'three', name: 'IsActive', of: ({ calls }) => calls?.IsActive.microseconds },
    ],
  },
  {
    title: 'Memory a workload',
    unit: 'KiB of RSS',
    curves: [
      { tone: 'one', name: 'all in all', of: ({ memory, workloads }) => (1024 * memory.rssMiB) / workloads },
    ],
  },
  {
    title: 'Start',
    unit: 'CPU, ms a workload',
    curves: [
      {
        tone: 'one',
        name: 'start',
        of: ({ start, workloads }) => start && (1000 * start.cpuSeconds) / workloads,
      },
      {
        tone: 'two',
        name: 'restart',
        of: ({ restart, workloads }) => restart && (1000 * restart.cpuSeconds) / workloads,
      },
    ],
  },
];

const [panelWidth, panelHeight] = [400, 190];

/** Draws docs/images/scale.svg: what a workload costs, by how many there are. */
export function drawScale(report: ScaleReport): string {
  const { recorded, source, history, runs } = report;
  return drawPicture({
    width: 1000,
    height: 690,
    description: 'CPU, memory and start of a server by its number of workloads',
    title: 'What a workload costs, by how many there are',
    subtitles: [
      `One server, recorded on ${recorded} by npm run bench-scale. Source: ${source}; history: ${history}.`,
    ],
    style: plotStyle,
    parts: panels.flatMap((panel, index) =>
      drawPanel(panel, runs, {
        left: 76 + (index % 2) * 490,
        top: 146 + Math.floor(index / 2) * 290,
        width: panelWidth,
        height: panelHeight,
      }),
    ),
  });
}

function drawPanel(
  { title, unit, curves }: Panel,
  runs: readonly ScaleRun[],
  frame: Pick<Plot, 'left' | 'top' | 'width' | 'height'>,
): string[] {
  const drawn = curves.map((curve) => ({
    ...curve,
    points: runs.flatMap((run) => {
      const y = curve.of(run);
      return y === undefined || !Number.isFinite(y) ? [] : [{ x: run.workloads, y }];
    }),
  }));
  const highest = roundAbove(Math.max(1, ...drawn.flatMap(({ points }) => points.map(({ y }) => y))));
  const counts = runs.map(({ workloads }) => workloads);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const plot: Plot = {
    ...frame,
    x: { from: fewest / 1.3, to: most * 1.3, isLogarithmic: true },
    y: { from: 0, to: highest },
  };
  return [
    words(frame.left - 52, frame.top - 34, title, 'heading'),
    words(frame.left + 90, frame.top - 34, unit, 'quiet'),
    ...curves.map(({ tone, name }, index) => key(frame.left - 8 + index * 130, frame.top - 14, tone, name)),
    ...[0, 0.5, 1].map((share) => yTick(plot, share * highest, String(tenths(share * highest)))),
    ...counts.map((count) => xTick(plot, count, count.toLocaleString('en-US'), 'line')),
    words(frame.left + frame.width, yOf(plot, 0) + 36, 'workloads', 'quiet', 'end'),
    ...drawn.map(({ tone, points }) => path(plot, tone, points)),
  ];
}

/** Smallest of 1, 2, 4, 6, 8 and 10 times a power of ten that is not below `value`. */
function roundAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 6, 8].find((digit) => digit * power >= value) ?? 10) * power;
}

function key(x: number, y: number, tone: Tone, text: string): string {
  return `<circle class="${tone}-dot" cx="${x + 4}" cy="${y - 4}" r="3.5"/>${words(x + 14, y, text, 'quiet')}`;
}
