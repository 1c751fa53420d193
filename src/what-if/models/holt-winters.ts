import type { Calendar, StreamingModel } from './contract.ts';

/**
 * Rates of the smoothing. PHPA (jthomperoo/predictive-horizontal-pod-autoscaler) leaves them to the user and never fits them.
 * These suit forecasts of a day ahead: a level that follows demand, a slow trend, a season that is the mean of a few days.
 */
const levelRate = 0.2;
const trendRate = 0.001;
const seasonRate = 0.3;

/** Additive triple exponential smoothing with the day as its season (Winters 1960), the method of PHPA. */
export function createHoltWinters({ daySteps }: Calendar): StreamingModel {
  const season = new Float64Array(daySteps);
  let seen = 0;
  let sum = 0;
  let count = 0;
  let level = 0;
  let trend = 0;
  return {
    observe(value) {
      const slot = seen % daySteps;
      seen++;
      if (seen <= daySteps) {
        season[slot] = value;
        if (!Number.isNaN(value)) {
          sum += value;
          count++;
        }
        if (seen === daySteps) {
          level = count === 0 ? 0 : sum / count;
          for (let i = 0; i < daySteps; i++) season[i] = deviation(season[i]!, level);
        }
        return;
      }
      const expected = level + trend;
      if (Number.isNaN(value)) {
        level = expected;
        return;
      }
      const before = level;
      level = levelRate * (value - season[slot]!) + (1 - levelRate) * expected;
      trend = trendRate * (level - before) + (1 - trendRate) * trend;
      season[slot] = seasonRate * (value - level) + (1 - seasonRate) * season[slot]!;
    },
    at(steps) {
      if (seen < 2 * daySteps) return Number.NaN;
      return Math.max(0, level + steps * trend + season[(seen + steps - 1) % daySteps]!);
    },
  };
}

/** Deviation of a slot on the first day; a missing value starts at the level, with a deviation of 0. */
function deviation(value: number, level: number): number {
  return Number.isNaN(value) ? 0 : value - level;
}
