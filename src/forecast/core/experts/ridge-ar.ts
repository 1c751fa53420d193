import type { ExpertContext, ExpertFactory } from './expert.ts';
import { createLaggedRegression } from './lagged-regression.ts';
import type { Space } from './spaces.ts';

/** Below this the seasonal lags, which say much the same, take turns in being over-fitted; above it they are lost. */
const usualRidge = 1e-3;

/** Autoregression on recent and seasonal lags, shrunk towards nothing. */
export function ridgeAr(
  space: Space,
  lagsOf: (context: ExpertContext) => readonly number[],
  ridge: number = usualRidge,
): ExpertFactory {
  return (context) =>
    createLaggedRegression(context, { space, lags: lagsOf(context), usual: [], ridge, prior: [] });
}

/** The same, shrunk towards "the last value stays" (a random walk), which is what a smooth gauge mostly does. */
export function gaugeAr(space: Space, lagsOf: (context: ExpertContext) => readonly number[]): ExpertFactory {
  return (context) =>
    createLaggedRegression(context, {
      space,
      lags: lagsOf(context),
      usual: [],
      ridge: usualRidge,
      prior: [1],
    });
}

const recentLags = [1, 2, 3, 4, 5, 6, 12];

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
