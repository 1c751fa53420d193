import { longHorizonsSeconds, shortHorizonsSeconds } from '../horizons.ts';
import { opponentNamed } from '../opponents/table.ts';
import type { Comparison } from '../scores/comparison.ts';
import { horizonLabel, ratio, type Section } from './report.ts';
import { geometricMean } from './summary.ts';

const allHorizons = [...shortHorizonsSeconds, ...longHorizonsSeconds];

export interface OpponentSummary {
  readonly opponent: string;
  readonly traces: number;
  /** Mean number of origins at which a cell was scored. */
  readonly origins: number;
  /** Geometric mean of our error ÷ the opponent's over the cells with these horizons. */
  ratioOver(horizonsSeconds: readonly number[]): number;
  /** CPU time of the opponent ÷ ours, geometric mean over traces; NaN for the naive opponents. */
  readonly costRatio: number;
  /** CPU time of the opponent ÷ ours, the least over traces; NaN for the naive opponents. */
  readonly leastCostRatio: number;
}

export function summariseComparisons(comparisons: readonly Comparison[]): OpponentSummary[] {
  return [...new Set(comparisons.map(({ opponent }) => opponent))].map((opponent) => {
    const own = comparisons.filter((one) => one.opponent === opponent && one.horizons.length > 0);
    const cells = own.flatMap(({ horizons }) => horizons);
    const costs = own.flatMap(({ costRatio }) => costRatio ?? []);
    return {
      opponent,
      traces: own.length,
      origins: cells.reduce((sum, { count }) => sum + count, 0) / cells.length,
      ratioOver: (horizonsSeconds) =>
        geometricMean(
          cells
            .filter(({ horizonSeconds }) => horizonsSeconds.includes(horizonSeconds))
            .map((cell) => cell.ratio),
        ),
      costRatio: geometricMean(costs),
      leastCostRatio: costs.length === 0 ? Number.NaN : Math.min(...costs),
    };
  });
}

/** Table 2: our error ÷ the error of each opponent. */
export function opponentSection(comparisons: readonly Comparison[], skipped: readonly string[]): Section {
  return {
    title: 'Our error ÷ that of others at the same origins',
    notes: [
      'Geometric means over traces of MAE of our median ÷ theirs; below 1 we are better.',
      'CPU = CPU time of one of their forecasts ÷ ours (a step observed, all steps and quantiles forecast), geometric mean and least.',
      ...skipped.map((reason) => `Skipped, counted: ${reason}.`),
    ],
    rows: [
      [
        'against',
        ...allHorizons.map(horizonLabel),
        '5m–1h',
        '3–24h',
        'all',
        'traces',
        'origins',
        'CPU ×',
        'least',
      ],
      ...summariseComparisons(comparisons).map((summary) => [
        opponentNamed(summary.opponent)?.title ?? summary.opponent,
        ...[
          ...allHorizons.map((seconds) => [seconds]),
          shortHorizonsSeconds,
          longHorizonsSeconds,
          allHorizons,
        ].map((horizons) => ratio(summary.ratioOver(horizons))),
        String(summary.traces),
        ratio(summary.origins, 0),
        ratio(summary.costRatio, 0),
        ratio(summary.leastCostRatio, 0),
      ]),
    ],
  };
}
