import type { Arena } from '../memory/arena.ts';
import { GrowingNumbers, type Scratch } from '../memory/scratch.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import { SlowErrors } from './slow-errors.ts';

/** Rate a step at which errors are forgotten: half of them in 50 steps, four hours. */
const errorRate = 0.014;
/** Rate a step of the same day of the week at which that day's errors are forgotten: nearby and far ahead. */
const dayRate = 0.006;
const farDayRate = 0.01;
/** Keeps the weights of faultless experts finite and equal. */
const leastError = 1e-9;
/** Rate a step at which regrets are forgotten; slower than errors, because they add up small differences. */
const regretRate = 0.006;
/** Share of the regrets in the weights nearby. It falls to nothing a day ahead, where few forecasts have come due. */
const regretShare = 0.6;
/** The usual error moves towards an error as if that were at most this many times the usual one. */
const mostUsual = 4;
/** Rate a step at which the usual level of demand is forgotten: about two days. */
const levelRate = 0.002;
/** An expert has no weight before so many of its forecasts have come due. */
export const fewestMatured = 8;
/** An error counts as at most this many usual ones, and demand as this many times its level: hours of nonsense are no measure. */
const mostTimes = 20;

/**
 * The weight of each expert in the combination at one horizon: a mixture of two weightings.
 *
 * By the inverse fourth power of the recent absolute error, so that an expert twice as bad has a sixteenth of the weight.
 * It is safe and never far from right. A quarter of the power is the error on the same day of the week: on a Friday all
 * experts have been right for days, and only those that know the week will be right on Saturday. Far ahead, errors of weeks
 * count as well (slow-errors.ts).
 *
 * By regret (ML-Poly: Gaillard, Stoltz & van Erven 2014): how much lower the combination's error would have been with more
 * of an expert. It finds experts that complement the others, but needs many matured forecasts, so it counts nearby only.
 *
 * An expert has no weight until enough of its forecasts have come due. Until one has, the first expert has all the weight.
 * Measured in docs/adr/0007.
 */
export class ExpertWeights {
  readonly #count: number;
  readonly #numbers: Arena['numbers'];
  readonly #work: ReturnType<typeof createWork>;
  // Where each kind of number begins, one for each expert: its weight, how many of its forecasts came due, its error, its
  // regret, the squares of its regrets. Then the errors of all experts on each of `days`, NaN = none yet.
  readonly #weights: number;
  readonly #matured: number;
  readonly #errors: number;
  readonly #regrets: number;
  readonly #regretSquares: number;
  readonly #errorsOfDay: number;
  readonly #days: number;
  readonly #enough: number;
  readonly #strideSteps: number;
  readonly #regretShare: number;
  readonly #dayRate: number;
  /** Undefined nearby. */
  readonly #slowErrors: SlowErrors | undefined;
  #level = 0;
  #usualError = 0;
  #learned = 0;

  constructor(options: {
    readonly expertCount: number;
    /** A forecast comes due once in this many steps. */
    readonly strideSteps: number;
    /** Steps of matured forecasts from which an expert has a weight. */
    readonly enoughSteps: number;
    /** Number of days of the week whose errors are told apart; 1 = none. */
    readonly days: number;
    /** Where errors of weeks count too: the steps after which a history is long enough for them. */
    readonly longHistorySteps?: number | undefined;
    readonly arena: Pick<Arena, 'numbers'>;
    readonly scratch: Scratch;
  }) {
    const { expertCount, strideSteps, days, longHistorySteps } = options;
    const { numbers } = options.arena;
    this.#count = expertCount;
    this.#numbers = numbers;
    this.#work = options.scratch.of(createWork);
    this.#weights = numbers.reserve(expertCount);
    this.#matured = numbers.reserve(expertCount);
    this.#errors = numbers.reserve(expertCount);
    this.#regrets = numbers.reserve(expertCount);
    this.#regretSquares = numbers.reserve(expertCount);
    this.#errorsOfDay = numbers.reserve(days > 1 ? days * expertCount : 0);
    this.#slowErrors =
      longHistorySteps === undefined
        ? undefined
        : new SlowErrors(expertCount, strideSteps, longHistorySteps, numbers);
    this.#dayRate = this.#slowErrors === undefined ? dayRate : farDayRate;
    this.#enough = Math.max(fewestMatured, options.enoughSteps / strideSteps);
    this.#strideSteps = strideSteps;
    this.#days = days;
    this.#regretShare = regretShare / (1 + strideSteps / 2);
  }

  /** What is known of each expert is in the arena. */
  copyState(copier: StateCopier): void {
    this.#level = copier.number(this.#level);
    this.#usualError = copier.number(this.#usualError);
    this.#learned = copier.number(this.#learned);
  }

  /** Weight of an expert by its number; all weights sum to 1 once `weigh` has been called, and are 0 before. */
  of(expert: number): number {
    return this.#numbers.values[this.#weights + expert]!;
  }

  /**
   * Learns from a matured forecast: the experts' predictions, which begin at `row` of the arena (NaN = not available),
   * their combination, and the truth of that `day`, counted from the first.
   */
  learn(row: number, combined: number, truth: number, day: number): void {
    const stride = this.#strideSteps;
    const numbers = this.#numbers.values;
    this.#learned++;
    const level = this.#level;
    const credible = level > 0 ? Math.min(truth, mostTimes * level) : truth;
    this.#level += Math.max(levelRate * stride, 1 / this.#learned) * (credible - level);
    // Times of next to no demand teach next to nothing and forget nothing: any expert that predicts 0 is right then.
    const activity = this.#level > 0 ? Math.min(1, Math.max(truth, combined) / this.#level) : 0;
    const root = Math.sqrt(combined);
    const slope = truth < combined ? 2 * root : -2 * root;
    const keep = 1 - regretRate * stride * activity;
    const errorShare = this.#errorShare(row, combined, truth);
    const mostError = this.#usualError > 0 ? mostTimes * this.#usualError : Number.POSITIVE_INFINITY;
    const today = this.#todayOf(day);
    for (let e = 0; e < this.#count; e++) {
      const prediction = numbers[row + e]!;
      if (Number.isNaN(prediction)) continue;
      this.#learnError(e, Math.min(mostError, errorShare * Math.abs(truth - prediction)), activity, today);
      const regret = slope * (root - Math.sqrt(prediction));
      numbers[this.#regrets + e] = keep * numbers[this.#regrets + e]! + regret;
      numbers[this.#regretSquares + e] = keep * numbers[this.#regretSquares + e]! + regret * regret;
    }
  }

  /** `today`: where the experts' errors on this day of the week begin. */
  #learnError(e: number, error: number, activity: number, today: number): void {
    const numbers = this.#numbers.values;
    const stride = this.#strideSteps;
    const count = numbers[this.#matured + e]! + 1;
    numbers[this.#matured + e] = count;
    const usual = numbers[this.#errors + e]!;
    numbers[this.#errors + e] = usual + Math.max(errorRate * stride, 1 / count) * activity * (error - usual);
    this.#slowErrors?.learn(e, error, activity, count);
    if (this.#days === 1) return;
    if (count === 1) this.#forgetDays(e);
    const at = today + e;
    const ofDay = numbers[at]!;
    numbers[at] = Number.isNaN(ofDay) ? error : ofDay + this.#dayRate * stride * activity * (error - ofDay);
  }

  /**
   * Share of the errors of this truth that counts, 1 but for a shock: when even the best expert erred by more than the
   * combination usually does, the errors would drown what the experts differ by for hours, so that the best expert's error
   * counts as the usual one.
   */
  #errorShare(row: number, combined: number, truth: number): number {
    const numbers = this.#numbers.values;
    let least = Number.POSITIVE_INFINITY;
    for (let e = 0; e < this.#count; e++) {
      const error = Math.abs(truth - numbers[row + e]!);
      if (error < least) least = error;
    }
    const usual = this.#usualError;
    const error = Math.abs(truth - combined);
    const rate = Math.max(dayRate * this.#strideSteps, 1 / this.#learned);
    this.#usualError += rate * ((usual > 0 ? Math.min(error, mostUsual * usual) : error) - usual);
    return usual > 0 && least > usual && least < Number.POSITIVE_INFINITY ? usual / least : 1;
  }

  /** Calculates the weights for a target on `day`; `predictions` are NaN where an expert is not available. */
  weigh(predictions: Float64Array, day: number): void {
    const numbers = this.#numbers.values;
    const byError = this.#work.byError.atLeast(this.#count);
    const byRegret = this.#work.byRegret.atLeast(this.#count);
    const today = this.#todayOf(day);
    let errorSum = 0;
    let regretSum = 0;
    for (let e = 0; e < this.#count; e++) {
      const isAvailable = !Number.isNaN(predictions[e]!) && numbers[this.#matured + e]! >= this.#enough;
      const regret = Math.max(0, numbers[this.#regrets + e]!);
      const errorWeight = isAvailable ? this.#inverseError(e, today) : 0;
      const regretWeight = isAvailable ? regret / (numbers[this.#regretSquares + e]! + 1e-9) : 0;
      byError[e] = errorWeight;
      byRegret[e] = regretWeight;
      errorSum += errorWeight;
      regretSum += regretWeight;
    }
    if (errorSum === 0) {
      byError[0] = 1;
      errorSum = 1;
    }
    const mixed = regretSum > 0 ? this.#regretShare : 0;
    for (let e = 0; e < this.#count; e++) {
      const regretWeight = mixed > 0 ? byRegret[e]! / regretSum : 0;
      numbers[this.#weights + e] = (1 - mixed) * (byError[e]! / errorSum) + mixed * regretWeight;
    }
  }

  /** The inverse fourth power of the error, a quarter of it that of the day; far ahead, of the mean with slow errors. */
  #inverseError(e: number, today: number): number {
    const numbers = this.#numbers.values;
    const error = numbers[this.#errors + e]!;
    const known = this.#days === 1 ? error : numbers[today + e]!;
    const ofDay = Number.isNaN(known) ? error : known;
    if (this.#slowErrors === undefined) return 1 / (error * error * error * ofDay + leastError ** 2);
    return 1 / (this.#slowErrors.mean(e, error, ofDay, numbers[this.#matured + e]!) ** 4 + leastError ** 2);
  }

  #todayOf(day: number): number {
    return this.#errorsOfDay + (day % this.#days) * this.#count;
  }

  #forgetDays(e: number): void {
    for (let day = 0; day < this.#days; day++) this.#numbers.values[this.#todayOf(day) + e] = Number.NaN;
  }
}

const createWork = () => ({ byError: new GrowingNumbers(), byRegret: new GrowingNumbers() });
