import { createPast } from '../../src/what-if/models/index.ts';
import type { Opponent } from './contract.ts';

/** Look-ahead of Mimir's rule: half an hour. */
const lookAheadSeconds = 1800;

/**
 * The rule by which Grafana Mimir's jsonnet scales its queriers, `max_over_time(demand[30m]) offset 6d23h30m`: the largest
 * value within half an hour after the same time of last week. It is meant as a bound, so as a median it is too high on purpose.
 */
export const weekWindowMaximum: Opponent = {
  kind: 'streaming',
  title: "max of last week's window",
  create({ weekSteps, stepSeconds }) {
    const spanSteps = Math.max(1, Math.round(lookAheadSeconds / stepSeconds));
    const past = createPast(weekSteps + 1);
    return {
      observe: (value) => past.push(value),
      at(steps) {
        let largest = Number.NaN;
        for (let ahead = 0; ahead < spanSteps; ahead++) {
          const value = past.before(weekSteps - steps - ahead);
          if (!(value <= largest)) largest = Number.isNaN(value) ? largest : value;
        }
        return largest;
      },
    };
  },
};
