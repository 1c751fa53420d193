import type { ExpertContext, ExpertFactory } from './expert.ts';
import { createLaggedRegression, type LaggedRegression } from './lagged-regression.ts';
import type { Space } from './spaces.ts';

/** A smaller ridge over-fits the seasonal lags, which resemble each other; a larger one loses them. */
const usualRidge = 1e-3;

/**
 * Autoregression on recent and seasonal lags. The coefficients are shrunk towards 0, or towards a prior: 1 is "the last value
 * stays" (a random walk), which is what a smooth gauge mostly does.
 */
export function ridgeAr(
  space: Space,
  lagsOf: (context: ExpertContext) => readonly number[],
  { ridge = usualRidge, prior = [] }: Partial<Pick<LaggedRegression, 'ridge' | 'prior'>> = {},
): ExpertFactory {
  return (context) => createLaggedRegression(context, { space, lags: lagsOf(context), ridge, prior });
}

const recentLags = [1, 2, 3, 4, 5, 6, 12];

/** Recent lags, lags of some days and of one week, rising: such a regression is available in the second week. */
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

/** The lags of `longSeasonLags` and of two weeks, rising: such a regression is available in the third week. */
export function twoLongSeasonsLags(context: ExpertContext): readonly number[] {
  const { shortSeasonSteps: day, longSeasonSteps: week } = context;
  if (week === 0) return [];
  return rising([...longSeasonLags(context), ...around(3 * day), ...around(week + day), ...around(2 * week)]);
}

/** A lag and its neighbours. */
function around(lag: number): number[] {
  return [lag - 1, lag, lag + 1];
}

function rising(lags: readonly number[]): number[] {
  return [...new Set(lags)].filter((lag) => lag > 0).sort((a, b) => a - b);
}
