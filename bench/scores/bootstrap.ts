import { createRandom } from '../../src/load-shapes/index.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

const resamples = 400;
const seed = 20_260_105;

/**
 * 90 % percentile interval of a ratio of sums under resampling of whole days (errors within a day go together, so single
 * origins would make it too narrow). `ours[day]` and `others[other][day]` are sums of errors; the ratio is to the best
 * other forecast of each resample, as in hindsight. NaN for fewer than three days. Seeded: the same sums, the same interval.
 */
export function dayBlockInterval(ours: Float64Array, others: readonly Float64Array[]): Interval {
  const days = ours.length;
  if (days < 3) return { low: Number.NaN, high: Number.NaN };
  const random = createRandom(seed);
  const ratios = new Float64Array(resamples);
  const sums = new Float64Array(others.length);
  for (let b = 0; b < resamples; b++) {
    let own = 0;
    sums.fill(0);
    for (let d = 0; d < days; d++) {
      const day = Math.floor(random() * days);
      own += ours[day]!;
      for (let r = 0; r < others.length; r++) sums[r]! += others[r]![day]!;
    }
    ratios[b] = own / Math.min(...sums);
  }
  ratios.sort();
  const at = (share: number) => ratios[Math.round(share * (resamples - 1))]!;
  return { low: at(0.05), high: at(0.95) };
}
