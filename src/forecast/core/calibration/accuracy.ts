import type { DistrustReason, HorizonAccuracy } from '../contract.ts';
import type { Arena } from '../memory/arena.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import { type WatchedLevel, watchedLevels } from './calibrated-levels.ts';

/** The accuracy that is reported is an average over about a week of five-minute steps. */
const accuracyRate = 1 / 2016;
/** Fewer matured forecasts than this give no reason for distrust. */
const enoughToDistrust = 96;
/** The error is worse than a naive one's from this multiple of it on. */
const worseRatio = 1.05;
/** Level of the bound whose coverage can be a reason for distrust. */
const distrustLevel: WatchedLevel = 0.95;
/** The bound at `distrustLevel` was exceeded too often if it covered a smaller share of values than this. */
const tooFewCovered = 0.9;

/** The recent means that are kept, and where; the last two are one for each watched level. */
const mean = {
  /** Absolute error of the combination in square-root space. */
  typicalError: 0,
  absolute: 1,
  signed: 2,
  truth: 3,
  persistence: 4,
  // Over the forecasts that the naive had a value for, so that both errors are of the same moments.
  ownBesideNaive: 5,
  naive: 6,
  covered: 7,
  pinball: 7 + watchedLevels.length,
};
const meanCount = mean.pinball + watchedLevels.length;

/** How forecasts at one horizon have done lately. Every forecast was made before the truth was known. */
export class Accuracy {
  /** Number of matured forecasts. */
  count = 0;
  #naiveCount = 0;
  readonly #numbers: Arena['numbers'];
  readonly #start: number;

  constructor({ numbers }: Pick<Arena, 'numbers'>) {
    this.#numbers = numbers;
    this.#start = numbers.reserve(meanCount);
  }

  /** The means are in the arena. */
  copyState(copier: StateCopier): void {
    this.count = copier.number(this.count);
    this.#naiveCount = copier.number(this.#naiveCount);
  }

  /** Recent mean absolute error of the combination, in square-root space. */
  get typicalError(): number {
    return this.#mean(mean.typicalError);
  }

  /**
   * Learns from a forecast that has come due. At `at` in the arena are its combination, the newest value when it was made and
   * the bounds that were served for `watchedLevels`. `seasonalNaive` is the value a season before the truth, NaN = there was
   * none; `weight` is the number of steps that the forecast stands for.
   */
  learn(truth: number, at: number, seasonalNaive: number, weight: number): void {
    const { values } = this.#numbers;
    const combined = values[at]!;
    const persistence = values[at + 1]!;
    this.count++;
    const rate = Math.max(accuracyRate * weight, 1 / this.count);
    const own = Math.abs(truth - combined);
    this.#move(mean.typicalError, rate, Math.abs(Math.sqrt(truth) - Math.sqrt(combined)));
    this.#move(mean.absolute, rate, own);
    this.#move(mean.signed, rate, combined - truth);
    this.#move(mean.truth, rate, truth);
    this.#move(mean.persistence, rate, Math.abs(truth - persistence));
    if (!Number.isNaN(seasonalNaive)) {
      this.#naiveCount++;
      const naiveRate = Math.max(accuracyRate * weight, 1 / this.#naiveCount);
      this.#move(mean.ownBesideNaive, naiveRate, own);
      this.#move(mean.naive, naiveRate, Math.abs(truth - seasonalNaive));
    }
    for (let i = 0; i < watchedLevels.length; i++) {
      const bound = values[at + 2 + i]!;
      this.#move(mean.covered + i, rate, truth <= bound ? 1 : 0);
      this.#move(mean.pinball + i, rate, pinballLoss(truth, bound, watchedLevels[i]!));
    }
  }

  /** The report of these means; `weights` of the experts are passed on. */
  report(horizonSeconds: number, weights: Readonly<Record<string, number>>): HorizonAccuracy {
    const absolute = this.#mean(mean.absolute);
    const truth = this.#mean(mean.truth);
    const relativeToPersistence = ratio(absolute, this.#mean(mean.persistence), 1);
    const relativeToSeasonalNaive = ratio(this.#mean(mean.ownBesideNaive), this.#mean(mean.naive), 1);
    const distrust: DistrustReason[] = [];
    if (this.count >= enoughToDistrust) {
      const covered = this.#mean(mean.covered + watchedLevels.indexOf(distrustLevel));
      if (relativeToPersistence > worseRatio) distrust.push('worse-than-persistence');
      if (relativeToSeasonalNaive > worseRatio) distrust.push('worse-than-seasonal-naive');
      if (covered < tooFewCovered) distrust.push('bounds-exceeded-too-often');
    }
    return {
      horizonSeconds,
      count: this.count,
      wape: ratio(absolute, truth, 0),
      bias: ratio(this.#mean(mean.signed), truth, 0),
      relativeToPersistence,
      relativeToSeasonalNaive,
      coverage: byLevel((i) => this.#mean(mean.covered + i)),
      pinball: byLevel((i) => ratio(this.#mean(mean.pinball + i), truth, 0)),
      weights,
      distrust,
    };
  }

  #mean(which: number): number {
    return this.#numbers.values[this.#start + which]!;
  }

  #move(which: number, rate: number, value: number): void {
    const { values } = this.#numbers;
    const at = this.#start + which;
    const before = values[at]!;
    values[at] = before + rate * (value - before);
  }
}

/** The pinball loss of a bound: the distance to the truth, weighted by τ where the truth is above, else by 1 − τ. */
export function pinballLoss(truth: number, bound: number, level: number): number {
  return truth > bound ? level * (truth - bound) : (1 - level) * (bound - truth);
}

function byLevel(numberOf: (index: number) => number): Record<string, number> {
  return Object.fromEntries(watchedLevels.map((level, index) => [String(level), numberOf(index)]));
}

/** `part` ÷ `whole`; where the whole is 0, what a faultless forecast of no demand deserves. */
function ratio(part: number, whole: number, ofNothing: number): number {
  return whole > 0 ? part / whole : ofNothing;
}
