import {
  band,
  dot,
  type Plot,
  path,
  plotStyle,
  type Tone,
  xOf,
  xTick,
  yOf,
  yTick,
} from '../../src/what-if/report/plot.ts';
import { tenths, words } from '../../src/what-if/report/svg-text.ts';
import type { BenchReport } from '../benchmark.ts';
import type { CostResult } from '../cost.ts';
import { boundLevels, longHorizonsSeconds, shortHorizonsSeconds } from '../horizons.ts';
import { opponentNamed } from '../opponents/table.ts';
import { drawPicture } from './picture.ts';
import { horizonLabel, ratio } from './report.ts';
import { summariseComparisons } from './sections-opponents.ts';
import { bandRatio, calibrationDays } from './summary.ts';

const allHorizons = [...shortHorizonsSeconds, ...longHorizonsSeconds];
const tones: readonly Tone[] = ['one', 'two', 'three'];

/** Draws the report as one picture of errors, opponents, coverage and cost, as SVG text that loads nothing. */
export function drawBenchmark(report: BenchReport): string {
  const { summary } = report;
  const subtitle = `${summary.traces} traces; error ÷ that of the best naive in hindsight: ${ratio(summary.shortRatio, 3)} over 5m–1h, ${ratio(summary.longRatio, 3)} over 3–24h.`;
  return drawPicture({
    width: 1000,
    height: 760,
    description: 'Benchmark: errors by horizon, beside other methods, coverage and cost',
    title: 'The benchmark',
    subtitles: [subtitle],
    style: plotStyle,
    parts: [
      ...errorPanel(report, { left: 66, top: 122, width: 400, height: 240 }),
      ...opponentPanel(report, { left: 700, top: 122, width: 270, height: 240 }),
      ...coveragePanel(report, { left: 66, top: 472, width: 400, height: 226 }),
      ...(report.cost === undefined
        ? []
        : costPanel(report.cost, { left: 566, top: 472, width: 404, height: 226 })),
    ],
  });
}

type Frame = Pick<Plot, 'left' | 'top' | 'width' | 'height'>;

/** Axis of horizons by their index, so that they are evenly spaced: each is about twice the one before. */
const horizonScale = { from: -0.3, to: allHorizons.length - 0.7 };

function horizonTicks(plot: Plot): string[] {
  return allHorizons.map((seconds, index) => xTick(plot, index, horizonLabel(seconds), 'label only'));
}

function errorPanel({ results }: BenchReport, frame: Frame): string[] {
  const plot: Plot = { ...frame, x: horizonScale, y: { from: 0.25, to: 1.6, isLogarithmic: true } };
  const columns = allHorizons.flatMap((seconds, x) => {
    const ratios = results
      .flatMap(({ horizons }) => horizons.filter(({ horizonSeconds }) => horizonSeconds === seconds))
      .flatMap(({ error }) => error?.ratio ?? [])
      .sort((a, b) => a - b);
    const at = (share: number) => ratios[Math.round(share * (ratios.length - 1))]!;
    const y = bandRatio(results, [seconds]);
    return ratios.length === 0 ? [] : [{ x, y, low: at(0.1), high: at(0.9) }];
  });
  return [
    words(24, frame.top - 31, 'Error of the median ÷ best naive in hindsight', 'heading'),
    words(24, frame.top - 14, 'geometric mean; band: 10–90 % of the traces', 'quiet'),
    ...[0.25, 0.5, 0.75, 1, 1.5].map((value) => yTick(plot, value, String(value))),
    ...horizonTicks(plot),
    parityAcross(plot, 1),
    band(plot, columns),
    path(plot, 'one', columns),
  ];
}

function opponentPanel({ comparisons }: BenchReport, frame: Frame): string[] {
  const summaries = summariseComparisons(comparisons);
  const plot: Plot = {
    ...frame,
    x: { from: 0.2, to: 1.15, isLogarithmic: true },
    y: { from: summaries.length - 0.5, to: -0.5 },
  };
  const rows = summaries.flatMap((summary, row) => {
    const [short, long] = [summary.ratioOver(shortHorizonsSeconds), summary.ratioOver(longHorizonsSeconds)];
    const y = yOf(plot, row);
    const title = opponentNamed(summary.opponent)?.title ?? summary.opponent;
    if (!Number.isFinite(short + long)) return [words(frame.left - 12, y + 4, title, '', 'end')];
    return [
      words(frame.left - 12, y + 4, title, '', 'end'),
      `<line class="span" x1="${xOf(plot, short)}" y1="${y}" x2="${xOf(plot, long)}" y2="${y}"/>`,
      dot(plot, 'one', short, row),
      dot(plot, 'two', long, row),
    ];
  });
  return [
    words(510, frame.top - 31, 'Our error ÷ that of others', 'heading'),
    key(510, frame.top - 14, 'one', 'over 5m–1h'),
    key(610, frame.top - 14, 'two', 'over 3–24h'),
    ...[0.2, 0.3, 0.5, 0.7, 1].map((value) => xTick(plot, value, String(value), 'line')),
    `<line class="parity" x1="${xOf(plot, 1)}" y1="${frame.top}" x2="${xOf(plot, 1)}" y2="${frame.top + frame.height}"/>`,
    ...rows,
  ];
}

function coveragePanel({ results }: BenchReport, frame: Frame): string[] {
  const plot: Plot = { ...frame, x: horizonScale, y: { from: 0.84, to: 1 } };
  const long = results.filter(({ days }) => days >= calibrationDays);
  const lines = boundLevels.flatMap((level, l) => {
    const points = allHorizons.flatMap((seconds, x) => {
      const shares = long
        .flatMap(({ horizons }) => horizons.filter(({ horizonSeconds }) => horizonSeconds === seconds))
        .flatMap(({ bounds }) => (bounds.count > 0 ? [bounds.coverage[l]!] : []));
      return shares.length === 0 ? [] : [{ x, y: shares.reduce((sum, one) => sum + one, 0) / shares.length }];
    });
    return [parityAcross(plot, level), path(plot, tones[l] ?? 'one', points)];
  });
  return [
    words(24, frame.top - 31, 'What the bounds cover', 'heading'),
    words(
      24,
      frame.top - 14,
      `mean of the ${long.length} traces of three weeks and more; dashed: nominal`,
      'quiet',
    ),
    ...[0.85, 0.9, 0.95, 1].map((value) => yTick(plot, value, `${Math.round(100 * value)}%`)),
    ...horizonTicks(plot),
    ...lines,
  ];
}

function costPanel(cost: CostResult, frame: Frame): string[] {
  const days = cost.bySamples.map(({ rows, milliseconds }) => ({ x: rows, y: milliseconds }));
  const many = cost.byWorkloads.map(({ workloads, milliseconds }) => ({ x: workloads, y: milliseconds }));
  const half = { ...frame, width: (frame.width - 70) / 2 };
  const plotOf = (place: Frame, points: readonly { x: number; y: number }[]): Plot => ({
    ...place,
    x: { from: 0, to: points.at(-1)?.x ?? 1 },
    y: { from: 0, to: roundAbove(Math.max(...points.map(({ y }) => y))) },
  });
  const left = plotOf(half, days);
  const right = plotOf({ ...half, left: frame.left + half.width + 70 }, many);
  const ticks = (plot: Plot) => [
    ...[0, 0.5, 1].map((share) => yTick(plot, share * plot.y.to, `${tenths(share * plot.y.to)}`)),
    ...[0, 0.5, 1].map((share) => xTick(plot, share * plot.x.to, String(share * plot.x.to), 'label only')),
  ];
  return [
    words(510, frame.top - 31, 'What it costs, and how that grows', 'heading'),
    words(left.left, frame.top - 14, 'ms to observe rows', 'quiet'),
    words(right.left, frame.top - 14, 'ms a step of all workloads', 'quiet'),
    ...ticks(left),
    ...ticks(right),
    path(left, 'one', days),
    path(right, 'two', many),
  ];
}

/** Smallest of 1, 2, 4, 6, 8 and 10 times a power of ten that is not below `value`. */
function roundAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 6, 8].find((digit) => digit * power >= value) ?? 10) * power;
}

function parityAcross(plot: Plot, value: number): string {
  const y = yOf(plot, value);
  return `<line class="parity" x1="${plot.left}" y1="${y}" x2="${plot.left + plot.width}" y2="${y}"/>`;
}

function key(x: number, y: number, tone: Tone, text: string): string {
  return `<circle class="${tone}-dot" cx="${x + 4}" cy="${y - 4}" r="3.5"/>${words(x + 14, y, text, 'quiet')}`;
}
