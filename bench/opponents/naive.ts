import { type Calendar, createPast } from '../../src/what-if/models/index.ts';
import type { Opponent } from './contract.ts';

/** The newest value, on which a reactive autoscaler acts. */
export const persistence: Opponent = {
  kind: 'streaming',
  title: 'persistence',
  create() {
    let newest = Number.NaN;
    return {
      observe: (value) => {
        newest = value;
      },
      at: () => newest,
    };
  },
};

/** The value one day before, or as many days as the horizon needs. */
export const dailyNaive: Opponent = {
  kind: 'streaming',
  title: 'daily naive',
  create: ({ daySteps }) => seasonalNaive(daySteps),
};

/** The value one week before, or as many weeks as the horizon needs. */
export const weeklyNaive: Opponent = {
  kind: 'streaming',
  title: 'weekly naive',
  create: ({ weekSteps }) => seasonalNaive(weekSteps),
};

function seasonalNaive(seasonSteps: number) {
  const past = createPast(seasonSteps + 1);
  return {
    observe: (value: number) => past.push(value),
    at: (steps: number) => past.before(seasonSteps * Math.ceil(steps / seasonSteps) - steps),
  };
}

/** Mean of the values at the same time of the last seven days. */
export const sevenDayMean: Opponent = {
  kind: 'streaming',
  title: '7-day mean',
  create({ daySteps }: Calendar) {
    const past = createPast(8 * daySteps);
    return {
      observe: (value) => past.push(value),
      at(steps) {
        let sum = 0;
        let count = 0;
        const first = Math.ceil(steps / daySteps);
        for (let day = first; day < first + 7; day++) {
          const value = past.before(day * daySteps - steps);
          if (Number.isNaN(value)) continue;
          sum += value;
          count++;
        }
        return count === 0 ? Number.NaN : sum / count;
      },
    };
  },
};
