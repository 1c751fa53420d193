import { DailyMaxima, days } from './daily-maxima.ts';

/** Demand above this many times the highest credible demand is incredible until it has lasted or come again. */
export const incredibleRatio = 3;
/** Two surges on different days are the same demand when they differ by no more than this many times. */
const alikeRatio = 3;

/** Incredible demand of half a day. */
interface Surge {
  readonly fromStep: number;
  lastStep: number;
  highest: number;
}

/**
 * The highest demand of the last four weeks that is credible. A value up to three times as high as all before counts as the
 * median of itself and the two before it, so that a single spike does not count. A value above that is incredible: it counts
 * once such values have lasted for half an hour of a day, as the lowest of them, or when demand was as high on another day.
 */
export class CredibleMaximum {
  readonly #maxima: DailyMaxima;
  readonly #stepsPerDay: number;
  /** The newest values in a row that were incredible, a ring. */
  readonly #lasting: number[];
  #lastingSteps = 0;
  #surge: Surge | undefined;
  #surgeBefore: Surge | undefined;
  #before = 0;
  #beforeThat = 0;

  /** `lastingSteps`: steps for which incredible demand must last. */
  constructor(stepsPerDay: number, lastingSteps: number) {
    this.#maxima = new DailyMaxima(stepsPerDay);
    this.#stepsPerDay = stepsPerDay;
    this.#lasting = Array.from({ length: lastingSteps }, () => 0);
  }

  get value(): number {
    return this.#maxima.highest;
  }

  /** Takes demand as credible that nothing before can make credible, because there was nothing before. */
  begin(value: number): void {
    this.#maxima.note(0, value);
  }

  /** Takes the present value of a step; steps rise. False: the value is incredible, and nothing should be learned from it. */
  note(step: number, value: number): boolean {
    if (value > incredibleRatio * this.value) this.#noteSurge(step, value);
    else this.#lastingSteps = 0;
    if (value > incredibleRatio * this.value) return false;
    const [before, beforeThat] = [this.#before, this.#beforeThat];
    this.#maxima.note(
      step,
      Math.max(Math.min(before, beforeThat), Math.min(Math.max(before, beforeThat), value)),
    );
    this.#beforeThat = before;
    this.#before = value;
    return true;
  }

  #noteSurge(step: number, value: number): void {
    const lasting = this.#lasting;
    lasting[this.#lastingSteps++ % lasting.length] = value;
    if (this.#lastingSteps >= lasting.length) this.#maxima.note(step, Math.min(...lasting));
    else if (this.#cameBefore(step, value)) this.#maxima.note(step, value);
    this.#remember(step, value);
  }

  /** Whether demand was about as high half a day ago or more. */
  #cameBefore(step: number, value: number): boolean {
    for (const surge of [this.#surge, this.#surgeBefore]) {
      if (surge === undefined) continue;
      const { lastStep, highest } = surge;
      const isOtherDay =
        step - lastStep >= this.#stepsPerDay / 2 && step - lastStep <= days * this.#stepsPerDay;
      if (isOtherDay && highest <= alikeRatio * value && value <= alikeRatio * highest) return true;
    }
    return false;
  }

  #remember(step: number, value: number): void {
    const surge = this.#surge;
    if (surge !== undefined && step - surge.fromStep < this.#stepsPerDay / 2) {
      surge.lastStep = step;
      surge.highest = Math.max(surge.highest, value);
      return;
    }
    this.#surgeBefore = surge;
    this.#surge = { fromStep: step, lastStep: step, highest: value };
  }
}
