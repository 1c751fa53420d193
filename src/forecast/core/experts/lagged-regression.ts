import { NormalEquations } from '../arithmetic/normal-equations.ts';
import type { SlotMeans } from '../memory/slot-means.ts';
import type { SeriesWindow } from '../memory/value-window.ts';
import type { Expert, ExpertContext } from './expert.ts';
import type { Space } from './spaces.ts';

/** Old rows lose half their weight in this many short seasons. */
const halfLifeSeasons = 14;
/** The coefficients move slowly; solving every row would buy nothing. */
const solveEverySteps = 12;
/** The steps before the target, and itself, at which what is usual is a feature. */
const usualOffsets = [0, 1, 2, 3];
const farthestOffset = 3;
/** A recursion may not leave what was seen by more than this share of the range, in the regression's space. */
const headroom = 0.2;

export interface LaggedRegression {
  readonly space: Space;
  /** Values so many steps before the target, rising. */
  readonly lags: readonly number[];
  /** What is usual at the target, and one, two and three steps before it. */
  readonly usual: readonly SlotMeans[];
  readonly ridge: number;
  /** What the coefficients of the lags, then of the usual, are shrunk towards. */
  readonly prior: readonly number[];
}

/**
 * Regression of a value on earlier ones, and on what is usual, least squares with exponential forgetting and a ridge. Kept
 * as normal equations that one row updates in O(p²), re-solved every hour of five-minute rows: nothing winds up as in
 * recursive least squares. Predicts recursively, never far from what was seen.
 */
export function createLaggedRegression(context: ExpertContext, options: LaggedRegression): Expert {
  const { space, lags, usual, ridge } = options;
  const { settleSteps } = context;
  const series = context.window(space);
  const longestLag = lags.at(-1) ?? 0;
  const count = lags.length + usual.length * usualOffsets.length;
  const prior = Array.from({ length: count + 1 }, (_, i) => options.prior[i] ?? 0);
  const equations = new NormalEquations(prior, ridge, halfLifeSeasons * context.shortSeasonSteps);
  const enough = Math.max(2 * (count + 1), Math.floor(context.shortSeasonSteps / 2));
  const { coefficients } = equations;
  let newestStep = -1;
  let mean = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  let isSolved = false;

  function addRow(step: number, index: number): void {
    if (equations.rows === 0) mean = windowMean(series);
    for (let i = 0; i < lags.length; i++) row[i] = (series.values[index - (lags[i] ?? 0)] ?? 0) - mean;
    let at = lags.length;
    for (const means of usual) {
      for (const offset of usualOffsets) row[at++] = space.fromRoot(means.at(step - offset)) - mean;
    }
    row[count] = 1;
    equations.add(row, (series.values[index] ?? 0) - mean);
    if (equations.rows >= enough && (equations.rows % solveEverySteps === 0 || !isSolved)) {
      equations.solve();
      isSolved = true;
    }
  }

  return {
    learn(step, _isObserved, isSettledObserved) {
      newestStep = step;
      if (count === 0 || !isSettledObserved) return;
      const index = series.end - 1 - settleSteps;
      const settled = series.values[index] ?? 0;
      lowest = Math.min(lowest, settled);
      highest = Math.max(highest, settled);
      if (index - series.start < longestLag) return;
      for (const means of usual) if (!means.isFull) return;
      addRow(step - settleSteps, index);
    },
    predict(into, steps) {
      if (!isSolved) return false;
      let constant = (coefficients[count] ?? 0) + mean;
      for (let i = 0; i < count; i++) constant -= (coefficients[i] ?? 0) * mean;
      into.fill(constant, 0, steps);
      // What is known already goes in feature by feature, in one run through memory each …
      const { values, end } = series;
      let recursive = 0;
      for (let i = 0; i < lags.length; i++) {
        const lag = lags[i] ?? 0;
        const coefficient = coefficients[i] ?? 0;
        if (lag < steps) recursive = i + 1;
        const known = Math.min(lag, steps);
        for (let h = 0, at = end - lag; h < known; h++, at++) {
          into[h] = (into[h] ?? 0) + coefficient * (values[at] ?? 0);
        }
      }
      let feature = lags.length;
      for (const means of usual) {
        const along = usualAlong(means, newestStep + 1 - farthestOffset, steps + farthestOffset, space);
        const atTarget = coefficients[feature++] ?? 0;
        const oneBefore = coefficients[feature++] ?? 0;
        const twoBefore = coefficients[feature++] ?? 0;
        const threeBefore = coefficients[feature++] ?? 0;
        for (let h = 0; h < steps; h++) {
          into[h] =
            (into[h] ?? 0) +
            atTarget * (along[h + 3] ?? 0) +
            oneBefore * (along[h + 2] ?? 0) +
            twoBefore * (along[h + 1] ?? 0) +
            threeBefore * (along[h] ?? 0);
        }
      }
      // … and what is predicted on the way step by step: the lags shorter than the path, which come first.
      const slack = headroom * (highest - lowest);
      for (let h = 0; h < steps; h++) {
        let sum = into[h] ?? 0;
        for (let i = 0; i < recursive; i++) {
          const lag = lags[i] ?? 0;
          if (lag > h) break;
          sum += (coefficients[i] ?? 0) * (into[h - lag] ?? 0);
        }
        into[h] = Math.min(highest + slack, Math.max(lowest - slack, sum));
      }
      for (let h = 0; h < steps; h++) into[h] = Math.max(0, space.toValue(into[h] ?? 0));
      return true;
    },
  };
}

/** Scratch of one call. */
const row = new Float64Array(64);
/** Likewise; it grows to the longest path asked for. */
let scratch = new Float64Array(0);

/** What is usual at `count` steps from `first` on, in a row, so that an offset is an index. */
function usualAlong(usual: SlotMeans, first: number, count: number, space: Space): Float64Array {
  if (scratch.length < count) scratch = new Float64Array(2 * count);
  const along = scratch;
  for (let i = 0, slot = first % usual.seasonSteps; i < count; i++) {
    along[i] = space.fromRoot(usual.ofSlot(slot));
    if (++slot === usual.seasonSteps) slot = 0;
  }
  return along;
}

function windowMean({ values, start, end }: SeriesWindow): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += values[i] ?? 0;
  return sum / (end - start);
}
