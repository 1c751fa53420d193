import { mean } from 'simple-statistics';
import type { History } from '../../history/source.ts';
import { gridValues } from '../core/index.ts';
import type { BacktestLine } from './backtest.ts';

/** How one horizon did over a backtest. Ratios are 0–1 and more; NaN where nothing could be scored. */
export interface HorizonScore {
  readonly horizonSeconds: number;
  /** Origins with a forecast and with the values that the scores need. */
  readonly count: number;
  /** Sum of absolute errors of the median ÷ sum of values. */
  readonly wape: number;
  readonly persistenceWape: number;
  /** WAPE of the value a day before, or as many days before as the horizon needs. */
  readonly dailyNaiveWape: number;
  readonly weeklyNaiveWape: number;
  /** MAE ÷ mean absolute difference of values a day apart (Hyndman & Koehler 2006, m = one day). */
  readonly mase: number;
  /** Weighted quantile loss: 2 × mean pinball loss over the quantiles ÷ mean value. */
  readonly wql: number;
  /** Mean pinball loss ÷ mean value, by quantile. */
  readonly pinball: Readonly<Record<string, number>>;
  /** Share of values at or below the quantile. */
  readonly coverage: Readonly<Record<string, number>>;
}

const daySeconds = 86_400;
const weekSeconds = 7 * daySeconds;

/**
 * Scores the lines of a backtest against what came, beside persistence and the seasonal naives at the same origins. An
 * origin counts only where the forecast, persistence and the daily naive have a value; the weekly naive is NaN unless it
 * has one everywhere.
 */
export function scoreBacktest(
  history: History,
  lines: readonly BacktestLine[],
  horizonsSeconds: readonly number[],
  gridSeconds: number,
): HorizonScore[] {
  const grid = gridValues(history, gridSeconds);
  const truth = new Map<number, number>();
  for (const [index, time] of grid.timestamps.entries()) truth.set(time, grid.values[index] ?? Number.NaN);
  const scale = meanDailyDifference(truth);
  return horizonsSeconds.map((horizonSeconds) => scoreHorizon(truth, lines, horizonSeconds, scale));
}

function scoreHorizon(
  truth: ReadonlyMap<number, number>,
  lines: readonly BacktestLine[],
  horizonSeconds: number,
  scale: number,
): HorizonScore {
  const cases = lines.flatMap(({ origin, forecasts }) => {
    const forecast = forecasts.find((one) => one.horizonSeconds === horizonSeconds);
    const target = origin + horizonSeconds;
    const value = truth.get(target);
    const newest = truth.get(origin);
    const day = truth.get(target - daySeconds * Math.ceil(horizonSeconds / daySeconds));
    if (forecast === undefined || value === undefined || newest === undefined || day === undefined) return [];
    const week = truth.get(target - weekSeconds * Math.ceil(horizonSeconds / weekSeconds)) ?? Number.NaN;
    return [{ ...forecast, value, newest, day, week }];
  });
  const meanOf = (of: (one: (typeof cases)[number]) => number) =>
    cases.length === 0 ? Number.NaN : mean(cases.map(of));
  const meanValue = meanOf((one) => one.value);
  const meanError = (of: (one: (typeof cases)[number]) => number) =>
    meanOf((one) => Math.abs(one.value - of(one)));
  const levels = Object.keys(cases[0]?.quantiles ?? {});
  const pinball = levels.map(
    (level) =>
      [level, meanOf((one) => pinballLoss(one.value, one.quantiles[level] ?? 0, Number(level)))] as const,
  );
  return {
    horizonSeconds,
    count: cases.length,
    wape: meanError((one) => one.median) / meanValue,
    persistenceWape: meanError((one) => one.newest) / meanValue,
    dailyNaiveWape: meanError((one) => one.day) / meanValue,
    weeklyNaiveWape: meanError((one) => one.week) / meanValue,
    mase: meanError((one) => one.median) / scale,
    wql: (2 * pinball.reduce((sum, [, loss]) => sum + loss, 0)) / pinball.length / meanValue,
    pinball: Object.fromEntries(pinball.map(([level, loss]) => [level, loss / meanValue])),
    coverage: Object.fromEntries(
      levels.map((level) => [level, meanOf((one) => (one.value <= (one.quantiles[level] ?? 0) ? 1 : 0))]),
    ),
  };
}

/** The loss a quantile forecast is judged by: under-forecasts weigh τ, over-forecasts 1 − τ. */
function pinballLoss(value: number, bound: number, level: number): number {
  return value >= bound ? level * (value - bound) : (1 - level) * (bound - value);
}

function meanDailyDifference(truth: ReadonlyMap<number, number>): number {
  let sum = 0;
  let count = 0;
  for (const [time, value] of truth) {
    const before = truth.get(time - daySeconds);
    if (before === undefined) continue;
    sum += Math.abs(value - before);
    count++;
  }
  return sum / count;
}
