import type { DistrustReason, HorizonAccuracy } from '../contract.ts';
import type { Stores } from '../memory/arena.ts';
import { watchedLevels } from './calibrated-levels.ts';

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

/** Recent means that are kept, and where; the last two are of each watched level. */
const mean = {
  /** Absolute error of the combination in square-root space. */
  typicalError: 0,
  absolute: 1,
  signed: 2,
  truth: 3,
  persistence: 4,
  // Over those forecasts only which the naive had a value for, so that the two are of the same moments.
  ownBesideNaive: 5,
  naive: 6,
  covered: 7,
  pinball: 7 + watchedLevels.length,
};
const meanCount = mean.pinball + watchedLevels.length;

/** How forecasts at one horizon have done lately; all of them made before the fact. */
export class Accuracy {
  /** Matured forecasts counted. */
  count = 0;
  #naiveCount = 0;
  readonly #numbers: Stores['numbers'];
  readonly #start: number;

  constructor({ numbers }: Pick<Stores, 'numbers'>) {
    this.#numbers = numbers;
    this.#start = numbers.reserve(meanCount);
  }

  /** Recent mean absolute error of the combination, in square-root space. */
  get typicalError(): number {
    return this.#mean(mean.typicalError);
  }

  /** `bounds[i]` was served for `watchedLevels[i]`. `weight` is how many steps this one stands for. */
  note({ truth, combined, persistence, seasonalNaive }: Judged, bounds: Float64Array, weight: number): void {
    this.count++;
    const rate = Math.max(accuracyRate * weight, 1 / this.count);
    const own = Math.abs(truth - combined);
    this.#learn(mean.typicalError, rate, Math.abs(Math.sqrt(truth) - Math.sqrt(combined)));
    this.#learn(mean.absolute, rate, own);
    this.#learn(mean.signed, rate, combined - truth);
    this.#learn(mean.truth, rate, truth);
    this.#learn(mean.persistence, rate, Math.abs(truth - persistence));
    if (!Number.isNaN(seasonalNaive)) {
      this.#naiveCount++;
      const naiveRate = Math.max(accuracyRate * weight, 1 / this.#naiveCount);
      this.#learn(mean.ownBesideNaive, naiveRate, own);
      this.#learn(mean.naive, naiveRate, Math.abs(truth - seasonalNaive));
    }
    for (let i = 0; i < watchedLevels.length; i++) {
      const bound = bounds[i] ?? 0;
      this.#learn(mean.covered + i, rate, truth <= bound ? 1 : 0);
      this.#learn(mean.pinball + i, rate, pinballLoss(truth, bound, watchedLevels[i] ?? 0.5));
    }
  }

  report(horizonSeconds: number, weights: Readonly<Record<string, number>>): HorizonAccuracy {
    const absolute = this.#mean(mean.absolute);
    const truth = this.#mean(mean.truth);
    const coverage = byLevel((i) => this.#mean(mean.covered + i));
    const relativeToPersistence = ratio(absolute, this.#mean(mean.persistence), 1);
    const relativeToSeasonalNaive = ratio(this.#mean(mean.ownBesideNaive), this.#mean(mean.naive), 1);
    const distrust: DistrustReason[] = [];
    if (this.count >= enoughToJudge) {
      if (relativeToPersistence > worseRatio) distrust.push('worse-than-persistence');
      if (relativeToSeasonalNaive > worseRatio) distrust.push('worse-than-seasonal-naive');
      if ((coverage[judgedLevel] ?? 1) < tooFewCovered) distrust.push('bounds-exceeded-too-often');
    }
    return {
      horizonSeconds,
      count: this.count,
      wape: ratio(absolute, truth, 0),
      bias: ratio(this.#mean(mean.signed), truth, 0),
      relativeToPersistence,
      relativeToSeasonalNaive,
      coverage,
      pinball: byLevel((i) => ratio(this.#mean(mean.pinball + i), truth, 0)),
      weights,
      distrust,
    };
  }

  #mean(which: number): number {
    return this.#numbers.values[this.#start + which] ?? 0;
  }

  #learn(which: number, rate: number, value: number): void {
    const { values } = this.#numbers;
    const at = this.#start + which;
    const before = values[at] ?? 0;
    values[at] = before + rate * (value - before);
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
