import type { Stores } from '../memory/arena.ts';

/** Errors are forgotten at this rate a step: half of them in 50 steps, four hours. */
const errorRate = 0.014;
/** Errors of each day of the week are forgotten at this rate a step of that day. */
const dayRate = 0.006;
/** Where all errors are nothing, all weigh alike. */
const leastError = 1e-9;
/** Regrets are forgotten more slowly, because they add up small differences. */
const regretRate = 0.006;
/** Share of the regrets' say nearby; a day ahead, where few forecasts have come due, there is none left of it. */
const regretShare = 0.6;
/** What is usual follows no error by more than so many times. */
const mostUsual = 4;
/** What demand usually is, forgotten over about two days. */
const levelRate = 0.002;

/**
 * How much say each expert has at one horizon. Two ways to weigh, mixed. By the inverse fourth power of the recent
 * absolute error, so that an expert twice as bad has a seventeenth of the say; it is safe and never far from right. And
 * by regret (ML-Poly: Gaillard, Stoltz & van Erven 2014): how much lower the error of the combination would have been
 * with more of an expert, which finds those who complement the others; it needs many matured forecasts, so that it has
 * its say nearby only. The error on the same day of the week counts as well: on a Friday all experts have been right for
 * days, and only those that know the week will be on Saturday. An expert is heard once it has been right or wrong often
 * enough; until one has, the first expert speaks alone. Measured in docs/adr/0007.
 */
export class ExpertWeights {
  readonly #count: number;
  readonly #numbers: Stores['numbers'];
  // Where these of each expert begin: its weight, how often it was judged, its error, its regret, the squares of its
  // regrets; and its error by day, NaN = none yet.
  readonly #weights: number;
  readonly #judged: number;
  readonly #errors: number;
  readonly #regrets: number;
  readonly #regretSquares: number;
  readonly #errorsOfDay: number;
  readonly #days: number;
  readonly #enough: number;
  readonly #strideSteps: number;
  readonly #share: number;
  #level = 0;
  #usualError = 0;
  #matured = 0;

  /** `days`: of how many days of the week errors are told apart; 1 = none. */
  constructor(
    expertCount: number,
    strideSteps: number,
    enoughErrors: number,
    days: number,
    { numbers }: Pick<Stores, 'numbers'>,
  ) {
    this.#count = expertCount;
    this.#numbers = numbers;
    this.#weights = numbers.reserve(expertCount);
    this.#judged = numbers.reserve(expertCount);
    this.#errors = numbers.reserve(expertCount);
    this.#regrets = numbers.reserve(expertCount);
    this.#regretSquares = numbers.reserve(expertCount);
    this.#errorsOfDay = numbers.reserve(days > 1 ? days * expertCount : 0);
    this.#enough = Math.max(8, enoughErrors / strideSteps);
    this.#strideSteps = strideSteps;
    this.#days = days;
    this.#share = regretShare / (1 + strideSteps / 2);
  }

  /** Weight of an expert; all of them sum to 1. */
  of(expert: number): number {
    return this.#numbers.values[this.#weights + expert] ?? 0;
  }

  /** The truth of what the experts predicted, which is at `row` of the same store (NaN = no say), and of their combination. */
  learn(row: number, combined: number, truth: number, day: number): void {
    const stride = this.#strideSteps;
    const numbers = this.#numbers.values;
    this.#matured++;
    this.#level += Math.max(levelRate * stride, 1 / this.#matured) * (truth - this.#level);
    // Times of next to nothing teach next to nothing, and nothing is forgotten in them: whoever says zero is right then.
    const activity = this.#level > 0 ? Math.min(1, Math.max(truth, combined) / this.#level) : 0;
    const root = Math.sqrt(combined);
    const slope = truth < combined ? 2 * root : -2 * root;
    const keep = 1 - regretRate * stride * activity;
    const days = this.#days;
    const today = day % days;
    const shock = this.#shock(row, combined, truth);
    for (let e = 0; e < this.#count; e++) {
      const prediction = numbers[row + e] ?? Number.NaN;
      if (Number.isNaN(prediction)) continue;
      const count = (numbers[this.#judged + e] ?? 0) + 1;
      numbers[this.#judged + e] = count;
      const error = shock * Math.abs(truth - prediction);
      const usual = numbers[this.#errors + e] ?? 0;
      numbers[this.#errors + e] =
        usual + Math.max(errorRate * stride, 1 / count) * activity * (error - usual);
      if (days > 1) {
        if (count === 1) this.#forgetDays(e);
        const at = this.#errorsOfDay + e * days + today;
        const ofDay = numbers[at] ?? Number.NaN;
        numbers[at] = Number.isNaN(ofDay) ? error : ofDay + dayRate * stride * activity * (error - ofDay);
      }
      const regret = slope * (root - Math.sqrt(prediction));
      numbers[this.#regrets + e] = keep * (numbers[this.#regrets + e] ?? 0) + regret;
      numbers[this.#regretSquares + e] = keep * (numbers[this.#regretSquares + e] ?? 0) + regret * regret;
    }
  }

  /**
   * What the errors of this truth count: what nobody could have known would drown what they differ by, for hours. As much
   * as the combination usually errs by when even the best erred by more.
   */
  #shock(row: number, combined: number, truth: number): number {
    const numbers = this.#numbers.values;
    let least = Number.POSITIVE_INFINITY;
    for (let e = 0; e < this.#count; e++) {
      const error = Math.abs(truth - (numbers[row + e] ?? Number.NaN));
      if (error < least) least = error;
    }
    const usual = this.#usualError;
    const error = Math.abs(truth - combined);
    const rate = Math.max(dayRate * this.#strideSteps, 1 / this.#matured);
    this.#usualError += rate * ((usual > 0 ? Math.min(error, mostUsual * usual) : error) - usual);
    return usual > 0 && least > usual && least < Number.POSITIVE_INFINITY ? usual / least : 1;
  }

  /** Weighs those who can speak now (NaN = cannot) of a target on that day. */
  weigh(predictions: Float64Array, day: number): void {
    const numbers = this.#numbers.values;
    const weights = this.#weights;
    let sum = 0;
    let polySum = 0;
    for (let e = 0; e < this.#count; e++) {
      const judged = numbers[this.#judged + e] ?? 0;
      const canSpeak = !Number.isNaN(predictions[e] ?? Number.NaN) && judged >= this.#enough;
      const weight = canSpeak ? this.#weightOn(e, day) : 0;
      const regret = Math.max(0, numbers[this.#regrets + e] ?? 0);
      const poly = canSpeak ? regret / ((numbers[this.#regretSquares + e] ?? 0) + 1e-9) : 0;
      inverses[e] = weight;
      polys[e] = poly;
      sum += weight;
      polySum += poly;
    }
    if (sum === 0) {
      inverses[0] = 1;
      sum = 1;
    }
    const mixed = polySum > 0 ? this.#share : 0;
    for (let e = 0; e < this.#count; e++) {
      const poly = mixed > 0 ? (polys[e] ?? 0) / polySum : 0;
      numbers[weights + e] = (1 - mixed) * ((inverses[e] ?? 0) / sum) + mixed * poly;
    }
  }

  /** The inverse fourth power of the error, a quarter of it that of the day. */
  #weightOn(e: number, day: number): number {
    const numbers = this.#numbers.values;
    const error = numbers[this.#errors + e] ?? 0;
    const ofDay = this.#days === 1 ? error : (numbers[this.#ofDay(e, day)] ?? error);
    return 1 / (error * error * error * (Number.isNaN(ofDay) ? error : ofDay) + leastError ** 2);
  }

  #ofDay(e: number, day: number): number {
    return this.#errorsOfDay + e * this.#days + (day % this.#days);
  }

  #forgetDays(e: number): void {
    const first = this.#ofDay(e, 0);
    this.#numbers.values.fill(Number.NaN, first, first + this.#days);
  }
}

/** Scratch of one call. */
const inverses = new Float64Array(64);
const polys = new Float64Array(64);
