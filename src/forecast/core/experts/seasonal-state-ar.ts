import type { ExpertFactory } from './expert.ts';
import { createLaggedRegression } from './lagged-regression.ts';
import type { Space } from './spaces.ts';

const recentLags = [1, 2, 3];
/** Share of the week in what is usual, before anything is learned. */
const weekShare = 0.6;
const ridge = 1e-3;

/**
 * Autoregression on the last values, on what is usual at this moment of the day (and of the week), and on what was usual
 * at the last values: how far now is from usual, and how much of that stays. An autoregression on seasonal lags copies the
 * noise of single days; the means have averaged it. But for the moving-average part this is the forecast function of a
 * double-seasonal ARMA model (Taylor 2003). It is shrunk towards "as far from usual as now", additive Holt-Winters without
 * a trend: a month says too little of fifteen coefficients, and errs towards levels that return too soon. Speaks in the
 * second season of the longest.
 */
export function seasonalStateAr(space: Space, longest: 'day' | 'week'): ExpertFactory {
  return (context) => {
    const { usualDay, usualWeek } = context;
    const seasons = longest === 'day' ? [usualDay] : [usualDay, usualWeek];
    // A season as short as the recent lags has no mean that they do not have.
    const usual = seasons.filter(({ seasonSteps }) => seasonSteps > recentLags.length);
    const shares = usual.length === 2 ? [1 - weekShare, weekShare] : [1];
    const seasonLags = usual.flatMap(({ seasonSteps }) => [seasonSteps, seasonSteps + 1]);
    const lags = [...new Set([...recentLags, ...seasonLags])].sort((a, b) => a - b);
    // y(t) = usual(t) + y(t − 1) − usual(t − 1)
    const prior = [1, ...lags.slice(1).fill(0)];
    for (const share of shares.slice(0, usual.length)) prior.push(share, -share, 0, 0);
    return createLaggedRegression(context, {
      space,
      lags: usual.length === seasons.length ? lags : [],
      usual: usual.length === seasons.length ? usual : [],
      ridge,
      prior: usual.length === seasons.length ? prior : [],
    });
  };
}
