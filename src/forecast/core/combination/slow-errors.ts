import type { Arena } from '../memory/arena.ts';

/** Rate a step at which slow errors are forgotten: half of them in a thousand steps, three and a half days. */
const slowRate = 0.0007;
/** Share of the slow error in the weights of a history that is long enough. */
const slowShare = 0.6;
/** Share of the error on the same day of the week: of a short history, which has seen that day once or twice, and of a long one. */
const youngDayShare = 0.25;
const dayShare = 0.45;
/** Keeps logarithms of faultless experts finite. */
const leastError = 1e-9;

/**
 * The errors of the experts far ahead, where few forecasts come due: the recent error there is that of the last three, made within
 * hours of one another, and an odd day decides what is expected of the next one. Here most of the power of the error is that of
 * days, and more of it that of the same day of the week. In a young history, which has shown each of these once or twice, the
 * recent errors decide. Measured in docs/adr/0007.
 */
export class SlowErrors {
  readonly #numbers: Arena['numbers'];
  readonly #start: number;
  readonly #strideSteps: number;
  readonly #longSteps: number;

  /** `longSteps`: steps of matured forecasts from which a history is long; `strideSteps`: one comes due in so many steps. */
  constructor(expertCount: number, strideSteps: number, longSteps: number, numbers: Arena['numbers']) {
    this.#numbers = numbers;
    this.#start = numbers.reserve(expertCount);
    this.#strideSteps = strideSteps;
    this.#longSteps = longSteps;
  }

  /** Learns the error of an expert's forecast number `count`, which counts as much as there was `activity`, 0–1. */
  learn(expert: number, error: number, activity: number, count: number): void {
    const { values } = this.#numbers;
    const at = this.#start + expert;
    const slow = values[at]!;
    values[at] = slow + Math.max(slowRate * this.#strideSteps, 1 / count) * activity * (error - slow);
  }

  /** The mean of an expert's recent, slow and same day's error by their shares, after `count` of its forecasts have come due. */
  mean(expert: number, recent: number, ofDay: number, count: number): number {
    const age = Math.min(1, (count * this.#strideSteps) / this.#longSteps);
    const slowly = slowShare * age * age;
    const daily = youngDayShare + (dayShare - youngDayShare) * age * age;
    const slow = this.#numbers.values[this.#start + expert]!;
    const ordinary = (1 - slowly) * Math.log(recent + leastError) + slowly * Math.log(slow + leastError);
    return Math.exp((1 - daily) * ordinary + daily * Math.log(ofDay + leastError));
  }
}
