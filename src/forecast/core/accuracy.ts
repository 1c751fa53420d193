import { watchedLevels } from './calibrated-levels.ts';
import type { DistrustReason, HorizonAccuracy } from './contract.ts';
import type { Stores } from './store.ts';

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
export class Accuracy {
  /** Matured forecasts counted. */
  count = 0;
  /** Recent mean absolute error of the combination, in square-root space. */
  typicalError = 0;
  #absolute = 0;
  #signed = 0;
  #truth = 0;
  #persistence = 0;
  // Over those forecasts only which the naive had a value for, so that the two are of the same moments.
  #naiveCount = 0;
  #ownBesideNaive = 0;
  #naive = 0;
  readonly #numbers: Stores['numbers'];
  // Where these of each watched level begin.
  readonly #covered: number;
  readonly #pinball: number;

  constructor({ numbers }: Pick<Stores, 'numbers'>) {
    this.#numbers = numbers;
    this.#covered = numbers.reserve(watchedLevels.length);
    this.#pinball = numbers.reserve(watchedLevels.length);
  }

  /** `bounds[i]` was served for `watchedLevels[i]`. `weight` is how many steps this one stands for. */
  note({ truth, combined, persistence, seasonalNaive }: Judged, bounds: Float64Array, weight: number): void {
    this.count++;
    const rate = Math.max(accuracyRate * weight, 1 / this.count);
    const own = Math.abs(truth - combined);
    this.typicalError += rate * (Math.abs(Math.sqrt(truth) - Math.sqrt(combined)) - this.typicalError);
    this.#absolute += rate * (own - this.#absolute);
    this.#signed += rate * (combined - truth - this.#signed);
    this.#truth += rate * (truth - this.#truth);
    this.#persistence += rate * (Math.abs(truth - persistence) - this.#persistence);
    if (!Number.isNaN(seasonalNaive)) {
      this.#naiveCount++;
      const naiveRate = Math.max(accuracyRate * weight, 1 / this.#naiveCount);
      this.#ownBesideNaive += naiveRate * (own - this.#ownBesideNaive);
      this.#naive += naiveRate * (Math.abs(truth - seasonalNaive) - this.#naive);
    }
    const numbers = this.#numbers.values;
    for (let i = 0; i < watchedLevels.length; i++) {
      const bound = bounds[i] ?? 0;
      const covered = numbers[this.#covered + i] ?? 0;
      const pinball = numbers[this.#pinball + i] ?? 0;
      numbers[this.#covered + i] = covered + rate * ((truth <= bound ? 1 : 0) - covered);
      numbers[this.#pinball + i] =
        pinball + rate * (pinballLoss(truth, bound, watchedLevels[i] ?? 0.5) - pinball);
    }
  }

  report(horizonSeconds: number, weights: Readonly<Record<string, number>>): HorizonAccuracy {
    const numbers = this.#numbers.values;
    const coverage = byLevel((i) => numbers[this.#covered + i] ?? 0);
    const relativeToPersistence = ratio(this.#absolute, this.#persistence, 1);
    const relativeToSeasonalNaive = ratio(this.#ownBesideNaive, this.#naive, 1);
    const distrust: DistrustReason[] = [];
    if (this.count >= enoughToJudge) {
      if (relativeToPersistence > worseRatio) distrust.push('worse-than-persistence');
      if (relativeToSeasonalNaive > worseRatio) distrust.push('worse-than-seasonal-naive');
      if ((coverage[judgedLevel] ?? 1) < tooFewCovered) distrust.push('bounds-exceeded-too-often');
    }
    return {
      horizonSeconds,
      count: this.count,
      wape: ratio(this.#absolute, this.#truth, 0),
      bias: ratio(this.#signed, this.#truth, 0),
      relativeToPersistence,
      relativeToSeasonalNaive,
      coverage,
      pinball: byLevel((i) => ratio(numbers[this.#pinball + i] ?? 0, this.#truth, 0)),
      weights,
      distrust,
    };
  }
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
