import { boundLevels, longHorizonsSeconds, lowLevels, shortHorizonsSeconds } from '../horizons.ts';
import type { HorizonResult, TraceResult } from '../scores/trace-result.ts';
import { horizonLabel, ratio, type Section, share } from './report.ts';
import { type BenchSummary, bandRatio, calibrationDays, geometricMean, toleratedRatio } from './summary.ts';

const allHorizons = [...shortHorizonsSeconds, ...longHorizonsSeconds];

/** Table 1: error of the median relative to the best naive forecast in hindsight. */
export function errorSection(results: readonly TraceResult[], summary: BenchSummary): Section {
  const at = ({ horizons }: TraceResult, seconds: number) =>
    horizons.find(({ horizonSeconds }) => horizonSeconds === seconds)?.error;
  const of = (result: TraceResult, seconds: number) => at(result, seconds)?.ratio;
  const flag = (result: TraceResult, seconds: number) =>
    (at(result, seconds)?.low ?? 0) > toleratedRatio ? '!' : '';
  const rows = results.map((result) => [
    result.name,
    ...allHorizons.map((seconds) => `${ratio(of(result, seconds))}${flag(result, seconds)}`),
    ratio(geometricMean(allHorizons.flatMap((seconds) => of(result, seconds) ?? []))),
  ]);
  const means = allHorizons.map((seconds) => ratio(bandRatio(results, [seconds]), 3));
  return {
    title: 'Error of the median ÷ that of the best naive in hindsight',
    notes: [
      'MAE ÷ the least MAE of persistence, daily and weekly naive on the same trace, horizon and origins; below 1 is better.',
      `Geometric mean ${ratio(summary.shortRatio, 3)} over 5m–1h and ${ratio(summary.longRatio, 3)} over 3–24h.`,
      `! = the lower end of the day-block-bootstrap 90 % interval is above ${toleratedRatio}.`,
    ],
    rows: [
      ['trace', ...allHorizons.map(horizonLabel), 'all'],
      ...rows,
      ['geometric mean', ...means, ratio(geometricMean(summary.byTrace.map((trace) => trace.ratio)), 3)],
    ],
  };
}

/** A table of the intervals of the error ratios, which do not fit into table 1. */
export function intervalSection(results: readonly TraceResult[]): Section {
  return {
    title: 'Intervals of these ratios',
    notes: ['90 % intervals from resampled days; – = fewer than three days.'],
    rows: [
      ['trace', ...allHorizons.map(horizonLabel)],
      ...results.map(({ name, horizons }) => [
        name,
        ...allHorizons.map((seconds) => {
          const error = horizons.find(({ horizonSeconds }) => horizonSeconds === seconds)?.error;
          return error === undefined ? '–' : `${ratio(error.low)}–${ratio(error.high)}`;
        }),
      ]),
    ],
  };
}

/** Table 3: share of values that the bounds cover, and their pinball loss. */
export function calibrationSections(results: readonly TraceResult[], summary: BenchSummary): Section[] {
  const long = results.filter(({ days }) => days >= calibrationDays);
  const { calibration } = summary;
  const perTrace = long.map((result) => [
    result.name,
    ...boundLevels.map((_, l) => share(meanOf(result, (cell) => cell.bounds.coverage[l]))),
    ...boundLevels.map((level, l) =>
      ratio(
        meanOf(result, (cell) => Math.abs(cell.bounds.coverage[l]! - level)),
        4,
      ),
    ),
    share(meanOf(result, (cell) => cell.rising.coverage[1])),
    ...[1, 2].map((l) => share(pooledPeaks(result, l))),
    share(meanOf(result, (cell) => cell.wql)),
    ratio(geometricMean(result.horizons.map((cell) => cell.lossRatios[1]!).filter((r) => r > 0))),
  ]);
  const levelNames = boundLevels.map((level) => String(level).replace('0.', '.'));
  const head = [
    'trace',
    ...levelNames.map((name) => `${name} covers`),
    ...levelNames.map((name) => `off ${name}`),
    'rising .95',
    'peak .95',
    'peak .99',
    'WQL',
    'loss .95 ÷',
  ];
  const total = [
    'mean',
    ...boundLevels.map((level, l) => share(level + calibration.signed[l]!)),
    ...calibration.absolute.map((error) => ratio(error, 4)),
    share(calibration.rising),
    ...calibration.peaks.slice(1).map((covered) => share(covered, 2)),
    share(calibration.wql),
    ratio(calibration.lossRatios[1], 3),
  ];
  const cellsAt = (seconds: number) =>
    long.flatMap(({ horizons }) =>
      horizons.filter(({ horizonSeconds, bounds }) => horizonSeconds === seconds && bounds.count > 0),
    );
  const byHorizon = allHorizons.map((seconds) => {
    const cells = cellsAt(seconds);
    const meanCells = (of: (cell: HorizonResult) => number | undefined) =>
      average(cells.map((cell) => of(cell) ?? Number.NaN));
    return [
      horizonLabel(seconds),
      ...boundLevels.map((_, l) => share(meanCells((cell) => cell.bounds.coverage[l]))),
      ...boundLevels.map((level, l) =>
        ratio(
          meanCells((cell) => Math.abs(cell.bounds.coverage[l]! - level)),
          4,
        ),
      ),
      share(meanCells((cell) => cell.rising.coverage[1])),
      share(meanCells((cell) => cell.wql)),
      ...boundLevels.map((_, l) =>
        ratio(geometricMean(cells.map((cell) => cell.lossRatios[l]!).filter((r) => r > 0))),
      ),
    ];
  });
  return [
    {
      title: `Calibration on the ${calibration.traces} traces of three weeks and more`,
      notes: [
        'Share of values at or below the bound; off = mean |coverage − nominal| over horizons; rising = after a rise of a tenth within the hour.',
        'Peaks are pooled over windows of 5–30 min; loss = pinball ÷ that of the better seasonal naive with bounds of its own residuals.',
      ],
      rows: [head, ...perTrace, total],
    },
    {
      title: 'Calibration by horizon',
      notes: ['Means over the same traces; loss is a geometric mean.'],
      rows: [
        [
          'horizon',
          ...levelNames.map((name) => `${name} covers`),
          ...levelNames.map((name) => `off ${name}`),
          'rising .95',
          'WQL',
          ...levelNames.map((name) => `loss ${name} ÷`),
        ],
        ...byHorizon,
      ],
    },
    lowLevelSection(allHorizons.map((seconds) => [horizonLabel(seconds), cellsAt(seconds)])),
  ];
}

/** How often demand is at or below the quantiles of low levels; `cells` of each horizon. */
function lowLevelSection(cells: readonly (readonly [string, readonly HorizonResult[]])[]): Section {
  const covered = (of: readonly HorizonResult[], l: number) => of.map(({ low }) => low.coverage[l]!);
  const spread = (of: readonly HorizonResult[], l: number) =>
    of.map(({ lowOfSpreadZeros }) => lowOfSpreadZeros[l]!);
  const off = (shares: readonly number[], l: number) =>
    ratio(average(shares.map((one) => Math.abs(one - lowLevels[l]!))), 4);
  const row = (name: string, of: readonly HorizonResult[]) => [
    name,
    ...lowLevels.map((_, l) => share(average(covered(of, l)))),
    ...lowLevels.map((_, l) => off(covered(of, l), l)),
    ...lowLevels.map((_, l) => off(spread(of, l), l)),
  ];
  return {
    title: 'Levels below the median by horizon',
    notes: [
      'Means over the same traces. Where demand is often 0, more of it is at or below any low level.',
      'Zeros spread: a 0 counts as the level ÷ the share of zeros that was expected, where that is more than the level (randomised PIT).',
    ],
    rows: [
      ['horizon', '.05 covers', '.1 covers', 'off .05', 'off .1', 'zeros spread: off .05', 'off .1'],
      ...cells.map(([name, of]) => row(name, of)),
      row(
        'mean',
        cells.flatMap(([, of]) => of),
      ),
    ],
  };
}

function meanOf(result: TraceResult, of: (cell: HorizonResult) => number | undefined): number {
  return average(result.horizons.map((cell) => of(cell) ?? Number.NaN));
}

function pooledPeaks({ peaks }: TraceResult, level: number): number {
  const counted = peaks.filter(({ bounds }) => bounds.count > 0);
  const covered = counted.reduce((sum, { bounds }) => sum + bounds.count * bounds.coverage[level]!, 0);
  return covered / counted.reduce((sum, { bounds }) => sum + bounds.count, 0);
}

/** Mean of the values that are not NaN; NaN where there are none. */
function average(values: readonly number[]): number {
  const finite = values.filter(Number.isFinite);
  return finite.reduce((sum, value) => sum + value, 0) / finite.length;
}
