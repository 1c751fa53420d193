import { solveRidge } from '../linear-solve.ts';
import type { SeriesWindow } from '../series.ts';
import type { Expert, ExpertContext, ExpertFactory } from './expert.ts';

/** Below this the seasonal lags, which say much the same, take turns in being over-fitted; above it they are lost. */
const ridge = 1e-3;
/** Old rows lose half their weight in this many short seasons. */
const halfLifeSeasons = 14;
/** The coefficients move slowly; solving every row would buy nothing. */
const solveEverySteps = 12;
/** A recursion may not leave what was seen by more than this share of the range, in transformed space. */
const headroom = 0.2;

interface Transform {
  readonly window: (context: ExpertContext) => SeriesWindow;
  readonly inverse: (value: number) => number;
}

export const logSpace: Transform = { window: (context) => context.log, inverse: Math.expm1 };
export const sqrtSpace: Transform = {
  window: (context) => context.sqrt,
  inverse: (z) => (z > 0 ? z * z : 0),
};

/**
 * Autoregression on recent and seasonal lags, least squares with exponential forgetting and a ridge, kept as normal
 * equations that one row updates in O(p²) and re-solved every hour of five-minute rows. Predicts recursively.
 * The equations are kept and factorised anew, so nothing winds up as in recursive least squares.
 */
export function ridgeAr(
  transform: Transform,
  lagsOf: (context: ExpertContext) => readonly number[],
): ExpertFactory {
  return (context) => createRidgeAr(context, transform, lagsOf(context));
}

function createRidgeAr(context: ExpertContext, transform: Transform, lagList: readonly number[]): Expert {
  const lags = Int32Array.from(lagList);
  const series = transform.window(context);
  const longestLag = lagList.at(-1) ?? 0;
  const p = lags.length + 1;
  // The lower triangle, row after row: what is symmetric is kept once.
  const a = new Float64Array((p * (p + 1)) / 2);
  const b = new Float64Array(p);
  const beta = new Float64Array(p);
  const forget = 2 ** (-1 / (halfLifeSeasons * context.shortSeasonSteps));
  const enough = Math.max(3 * p, Math.floor(context.shortSeasonSteps / 2));
  let rows = 0;
  let mean = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  let isSolved = false;

  function addRow(): void {
    const { values, end } = series;
    const newest = end - 1;
    for (let i = 0; i < p - 1; i++) row[i] = (values[newest - (lags[i] ?? 0)] ?? 0) - mean;
    row[p - 1] = 1;
    const y = (values[newest] ?? 0) - mean;
    for (let i = 0, at = 0; i < p; i++) {
      const xi = row[i] ?? 0;
      b[i] = forget * (b[i] ?? 0) + xi * y;
      for (let j = 0; j <= i; j++, at++) a[at] = forget * (a[at] ?? 0) + xi * (row[j] ?? 0);
    }
    rows++;
  }

  return {
    learn(_step, isObserved) {
      const newest = series.values[series.end - 1] ?? 0;
      if (isObserved) {
        lowest = Math.min(lowest, newest);
        highest = Math.max(highest, newest);
      }
      if (series.end - series.start <= longestLag || !isObserved || lags.length === 0) return;
      if (rows === 0) mean = windowMean(series);
      addRow();
      if (rows >= enough && (rows % solveEverySteps === 0 || !isSolved)) {
        solveRidge(a, b, ridge, beta);
        isSolved = true;
      }
    },
    predict(into, steps) {
      if (!isSolved) return false;
      const { values, end } = series;
      let constant = (beta[p - 1] ?? 0) + mean;
      for (let i = 0; i < p - 1; i++) constant -= (beta[i] ?? 0) * mean;
      into.fill(constant, 0, steps);
      // What is known already goes in lag by lag, in one run through memory each …
      let recursive = 0;
      for (let i = 0; i < p - 1; i++) {
        const lag = lags[i] ?? 0;
        const coefficient = beta[i] ?? 0;
        const known = Math.min(lag, steps);
        if (lag < steps) recursive = i + 1;
        for (let h = 0, at = end - lag; h < known; h++, at++) {
          into[h] = (into[h] ?? 0) + coefficient * (values[at] ?? 0);
        }
      }
      const slack = headroom * (highest - lowest);
      const floor = lowest - slack;
      const ceiling = highest + slack;
      // … and what was predicted on the way, step by step: the lags shorter than the path, which come first.
      for (let h = 0; h < steps; h++) {
        let sum = into[h] ?? 0;
        for (let i = 0; i < recursive; i++) {
          const lag = lags[i] ?? 0;
          if (lag > h) break;
          sum += (beta[i] ?? 0) * (into[h - lag] ?? 0);
        }
        into[h] = Math.min(ceiling, Math.max(floor, sum));
      }
      for (let h = 0; h < steps; h++) into[h] = Math.max(0, transform.inverse(into[h] ?? 0));
      return true;
    },
  };
}

/** Longest lag list there is; shared, because nothing of it outlives a call. */
const row = new Float64Array(64);

function windowMean({ values, start, end }: SeriesWindow): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += values[i] ?? 0;
  return sum / (end - start);
}

const recentLags = [1, 2, 3, 4, 5, 6, 12];

/** Recent lags and one short season back: speaks after one and a half short seasons. */
export function shortSeasonLags({ shortSeasonSteps: day }: ExpertContext): readonly number[] {
  return rising([...recentLags.filter((lag) => lag < day - 1), day - 1, day, day + 1]);
}

/** Recent lags, days back and one week back: speaks in the second week. */
export function longSeasonLags({
  shortSeasonSteps: day,
  longSeasonSteps: week,
}: ExpertContext): readonly number[] {
  if (week === 0) return [];
  return rising(
    [...recentLags, ...around(day), ...around(2 * day), ...around(6 * day), ...around(week)].filter(
      (lag) => lag <= week + 1,
    ),
  );
}

/** All of them and two weeks back: speaks in the third week. */
export function twoLongSeasonsLags(context: ExpertContext): readonly number[] {
  const { shortSeasonSteps: day, longSeasonSteps: week } = context;
  if (week === 0) return [];
  return rising([...longSeasonLags(context), ...around(3 * day), ...around(week + day), ...around(2 * week)]);
}

function around(lag: number): number[] {
  return [lag - 1, lag, lag + 1];
}

function rising(lags: readonly number[]): number[] {
  return [...new Set(lags)].filter((lag) => lag > 0).sort((a, b) => a - b);
}
