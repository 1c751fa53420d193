import { rowSeconds } from '../demand.ts';
import { forecastPolicy } from './forecast-policy.ts';

const daySeconds = 86_400;

/** What followed the same moment a day ago. */
export const naiveDay = pastPeakPolicy('naive day', daySeconds);

/** What followed the same moment a week ago. */
export const naiveWeek = pastPeakPolicy('naive week', 7 * daySeconds);

/**
 * The rule by which Grafana Mimir's jsonnet scales its queriers, the maximum over 30 minutes with an offset of 6d23h30m: the largest demand
 * within half an hour after the same moment of last week, whatever the start-up.
 */
export const weekWindowMaximum = pastPeakPolicy("max of last week's window", 7 * daySeconds, 1800);

/** The largest row within some time after the same moment of an earlier season. */
function pastPeakPolicy(title: string, seasonSeconds: number, fixedWindowSeconds?: number) {
  return forecastPolicy(title, (_scenario, windowSeconds) => {
    const season = seasonSeconds / rowSeconds;
    const window = Math.ceil((fixedWindowSeconds ?? windowSeconds) / rowSeconds);
    return {
      peak({ rows, rowCount }) {
        let largest = Number.NaN;
        const from = rowCount - season;
        for (let i = Math.max(0, from); i < Math.min(rowCount, from + window); i++) {
          if (!(rows[i]! <= largest) && !Number.isNaN(rows[i]!)) largest = rows[i]!;
        }
        return largest;
      },
    };
  });
}
