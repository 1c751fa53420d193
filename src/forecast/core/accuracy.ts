import { watchedLevels } from './calibrated-levels.ts';
import type { DistrustReason, HorizonAccuracy } from './contract.ts';

/** Accuracy that is reported is an average over about a week of five-minute steps. */
const accuracyRate = 1 / 2016;
/** Before so many forecasts have come due nothing is said against them. */
const enoughToJudge = 96;
/** Worse than this multiple of a rival's error is worse. */
const worseRatio = 1.05;
/** A bound for 0.95 that covers less than this has lately promised too much. */
const tooFewCovered = 0.9;
const judgedLevel = 0.95;

/** What one matured forecast said, and what those said who know no model. NaN = had nothing to say. */
export interface Judged {
  readonly truth: number;
  readonly combined: number;
  readonly persistence: number;
  readonly seasonalNaive: number;
}

/** How forecasts at one horizon have done lately; all of them made before the fact. */
export interface Accuracy {
  readonly count: number;
  /** `bounds[i]` was served for `watchedLevels[i]`. `weight` is how many steps this one stands for. */
  note(judged: Judged, bounds: Float64Array, weight: number): void;
  report(horizonSeconds: number, weights: Readonly<Record<string, number>>): HorizonAccuracy;
}

export function createAccuracy(): Accuracy {
  const sums = { absolute: 0, signed: 0, truth: 0, persistence: 0 };
  // Over those forecasts only which the naive had a value for, so that the two are of the same moments.
  const besideNaive = { count: 0, own: 0, naive: 0 };
  const covered = new Float64Array(watchedLevels.length);
  const pinball = new Float64Array(watchedLevels.length);
  let count = 0;

  return {
    get count() {
      return count;
    },
    note({ truth, combined, persistence, seasonalNaive }, bounds, weight) {
      count++;
      const rate = Math.max(accuracyRate * weight, 1 / count);
      const own = Math.abs(truth - combined);
      sums.absolute += rate * (own - sums.absolute);
      sums.signed += rate * (combined - truth - sums.signed);
      sums.truth += rate * (truth - sums.truth);
      sums.persistence += rate * (Math.abs(truth - persistence) - sums.persistence);
      if (!Number.isNaN(seasonalNaive)) {
        const naiveRate = Math.max(accuracyRate * weight, 1 / ++besideNaive.count);
        besideNaive.own += naiveRate * (own - besideNaive.own);
        besideNaive.naive += naiveRate * (Math.abs(truth - seasonalNaive) - besideNaive.naive);
      }
      for (let i = 0; i < watchedLevels.length; i++) {
        const bound = bounds[i] ?? 0;
        const isCovered = truth <= bound;
        covered[i] = (covered[i] ?? 0) + rate * ((isCovered ? 1 : 0) - (covered[i] ?? 0));
        const loss = pinballLoss(truth, bound, watchedLevels[i] ?? 0.5);
        pinball[i] = (pinball[i] ?? 0) + rate * (loss - (pinball[i] ?? 0));
      }
    },
    report(horizonSeconds, weights) {
      const coverage = byLevel((i) => covered[i] ?? 0);
      const relativeToPersistence = ratio(sums.absolute, sums.persistence, 1);
      const relativeToSeasonalNaive = ratio(besideNaive.own, besideNaive.naive, 1);
      const distrust: DistrustReason[] = [];
      if (count >= enoughToJudge) {
        if (relativeToPersistence > worseRatio) distrust.push('worse-than-persistence');
        if (relativeToSeasonalNaive > worseRatio) distrust.push('worse-than-seasonal-naive');
        if ((coverage[judgedLevel] ?? 1) < tooFewCovered) distrust.push('bounds-exceeded-too-often');
      }
      return {
        horizonSeconds,
        count,
        wape: ratio(sums.absolute, sums.truth, 0),
        bias: ratio(sums.signed, sums.truth, 0),
        relativeToPersistence,
        relativeToSeasonalNaive,
        coverage,
        pinball: byLevel((i) => ratio(pinball[i] ?? 0, sums.truth, 0)),
        weights,
        distrust,
      };
    },
  };
}

/** The loss a quantile is judged by: what lies above it weighs τ, what lies below it 1 − τ. */
export function pinballLoss(truth: number, bound: number, level: number): number {
  return truth > bound ? level * (truth - bound) : (1 - level) * (bound - truth);
}

function byLevel(of: (index: number) => number): Record<string, number> {
  return Object.fromEntries(watchedLevels.map((level, index) => [String(level), of(index)]));
}

/** Nothing over nothing is what a faultless forecast of no demand deserves. */
function ratio(part: number, whole: number, ofNothing: number): number {
  return whole > 0 ? part / whole : ofNothing;
}
