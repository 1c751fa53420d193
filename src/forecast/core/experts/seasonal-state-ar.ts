import { weekShare } from '../memory/slot-means.ts';
import type { ExpertFactory } from './expert.ts';
import { createLaggedRegression, usualFeatures } from './lagged-regression.ts';
import type { Space } from './spaces.ts';

const recentLags = [1, 2, 3];
const ridge = 1e-3;

/**
 * Autoregression on the last values, on what is usual at this moment of the day (and of the week), and on what was usual
 * at the last values: it learns how much of a deviation stays. An autoregression on seasonal lags copies the noise of
 * single days; running means have averaged it. Apart from the moving-average part this is the forecast function of a
 * double-seasonal ARMA model (Taylor 2003). It is shrunk towards "the deviation stays", additive Holt-Winters without a
 * trend, because a month says too little about fifteen coefficients and errs towards levels that return too soon.
 * Available in the second season of the longest.
 */
export function seasonalStateAr(space: Space, longest: 'day' | 'week'): ExpertFactory {
  return (context) => {
    const { usualDay, usualWeek } = context;
    const usual = longest === 'day' ? [usualDay] : [usualDay, usualWeek];
    // A season as short as the recent lags has no mean that they do not have.
    const isPossible = usual.every(({ seasonSteps }) => seasonSteps > recentLags.length);
    if (!isPossible) return createLaggedRegression(context, { space, lags: [], ridge });
    const shares = longest === 'day' ? [1] : [1 - weekShare, weekShare];
    const seasonLags = usual.flatMap(({ seasonSteps }) => [seasonSteps, seasonSteps + 1]);
    const lags = [...new Set([...recentLags, ...seasonLags])].sort((a, b) => a - b);
    // y(t) = usual(t) + y(t − 1) − usual(t − 1): a weight of 1 for the lag of one step, 0 for all others.
    const ofLags = lags.map((lag) => (lag === 1 ? 1 : 0));
    const ofUsual = shares.flatMap((share) => [share, -share, ...Array(usualFeatures - 2).fill(0)]);
    return createLaggedRegression(context, { space, lags, usual, ridge, prior: [...ofLags, ...ofUsual] });
  };
}
