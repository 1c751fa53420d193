import { boundLevels, longHorizonsSeconds, shortHorizonsSeconds } from '../horizons.ts';
import type { BoundScore } from '../scores/score-bounds.ts';
import type { HorizonResult, TraceResult } from '../scores/trace-result.ts';

/** Fewest days of a trace that counts for calibration; a shorter one has too few values for the level 0.99. */
export const calibrationDays = 21;
/** Error ratio; a cell whose whole interval is above it is worse than a naive forecast beyond chance. */
export const toleratedRatio = 1.05;

interface Calibration {
  readonly traces: number;
  /** Mean |coverage − nominal| and mean signed error over traces and horizons, by bound level. */
  readonly absolute: readonly number[];
  readonly signed: readonly number[];
  /** Coverage of the 0.95 bound after a rise: mean over traces and horizons. */
  readonly rising: number;
  /** Coverage of the bounds of peaks, pooled over traces and windows, by bound level. */
  readonly peaks: readonly number[];
  /** Pinball loss ÷ that of the better seasonal naive: geometric mean over traces and horizons, by bound level. */
  readonly lossRatios: readonly number[];
  /** Weighted quantile loss: mean over traces and horizons. */
  readonly wql: number;
}

export interface BenchSummary {
  readonly traces: number;
  /** Geometric mean of the error ratios over the cells of the short band of horizons. */
  readonly shortRatio: number;
  /** Geometric mean of the error ratios over the cells of the long band of horizons. */
  readonly longRatio: number;
  /** Geometric mean of the error ratios over all horizons, by trace, worst first. */
  readonly byTrace: readonly { readonly name: string; readonly ratio: number }[];
  readonly flagged: readonly {
    readonly name: string;
    readonly horizonSeconds: number;
    readonly ratio: number;
    readonly low: number;
  }[];
  readonly calibration: Calibration;
}

export function summarise(results: readonly TraceResult[]): BenchSummary {
  const byTrace = results
    .map(({ name, horizons }) => ({ name, ratio: geometricMean(horizons.flatMap(ratioOf)) }))
    .filter(({ ratio }) => Number.isFinite(ratio))
    .sort((a, b) => b.ratio - a.ratio);
  return {
    traces: results.length,
    shortRatio: bandRatio(results, shortHorizonsSeconds),
    longRatio: bandRatio(results, longHorizonsSeconds),
    byTrace,
    flagged: results.flatMap(({ name, horizons }) =>
      horizons.flatMap(({ horizonSeconds, error }) =>
        error !== undefined && error.low > toleratedRatio
          ? [{ name, horizonSeconds, ratio: error.ratio, low: error.low }]
          : [],
      ),
    ),
    calibration: calibrationOf(results.filter(({ days }) => days >= calibrationDays)),
  };
}

/** Geometric mean of the ratios of all cells with one of these horizons. */
export function bandRatio(results: readonly TraceResult[], horizonsSeconds: readonly number[]): number {
  return geometricMean(
    results.flatMap(({ horizons }) =>
      horizons.filter(({ horizonSeconds }) => horizonsSeconds.includes(horizonSeconds)).flatMap(ratioOf),
    ),
  );
}

function ratioOf({ error }: HorizonResult): number[] {
  return error === undefined ? [] : [error.ratio];
}

function calibrationOf(results: readonly TraceResult[]): Calibration {
  const cells = results.flatMap(({ horizons }) => horizons).filter(({ bounds }) => bounds.count > 0);
  const rising = cells.filter((cell) => cell.rising.count > 0);
  const windows = results.flatMap(({ peaks }) => peaks.map(({ bounds }) => bounds));
  const ofLevel = (of: (cell: HorizonResult, l: number) => number) =>
    boundLevels.map((_, l) => mean(cells.map((cell) => of(cell, l))));
  const off = (cell: HorizonResult, l: number) => coverageAt(cell.bounds, l) - boundLevels[l]!;
  return {
    traces: results.length,
    absolute: ofLevel((cell, l) => Math.abs(off(cell, l))),
    signed: ofLevel(off),
    rising: mean(rising.map((cell) => coverageAt(cell.rising, boundLevels.indexOf(0.95)))),
    peaks: boundLevels.map((_, l) => pooledCoverage(windows, l)),
    lossRatios: boundLevels.map((_, l) =>
      geometricMean(cells.map(({ lossRatios }) => lossRatios[l]!).filter((ratio) => ratio > 0)),
    ),
    wql: mean(cells.map(({ wql }) => wql).filter(Number.isFinite)),
  };
}

function pooledCoverage(scores: readonly BoundScore[], level: number): number {
  const counted = scores.filter(({ count }) => count > 0);
  const covered = counted.reduce((sum, score) => sum + coverageAt(score, level) * score.count, 0);
  return covered / counted.reduce((sum, { count }) => sum + count, 0);
}

function coverageAt({ coverage }: BoundScore, level: number): number {
  return coverage[level]!;
}

/** Geometric mean; NaN where there are no ratios. */
export function geometricMean(ratios: readonly number[]): number {
  return Math.exp(mean(ratios.map(Math.log)));
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
