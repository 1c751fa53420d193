import { DailyMaxima } from './daily-maxima.ts';

/**
 * The highest demand of the last four weeks that is credible: each value counts as the median of itself and the two before
 * it, so that a single spike does not count.
 */
export class CredibleMaximum extends DailyMaxima {
  #before = 0;
  #beforeThat = 0;

  /** Takes the observed value of a step; steps rise. */
  override note(step: number, value: number): void {
    const [before, beforeThat] = [this.#before, this.#beforeThat];
    const median = Math.max(Math.min(before, beforeThat), Math.min(Math.max(before, beforeThat), value));
    super.note(step, median);
    this.#beforeThat = before;
    this.#before = value;
  }
}
