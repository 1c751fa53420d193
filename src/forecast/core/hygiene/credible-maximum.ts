import type { StateCopier } from '../memory/state-copier.ts';
import { DailyMaxima, days } from './daily-maxima.ts';

/** Demand above this many times the highest credible demand is incredible until it has lasted or come again. */
export const incredibleRatio = 3;
/** Two surges on different days are the same demand when they differ by no more than this many times. */
const alikeRatio = 3;

/** Incredible demand that lasted, and is back within this share of a day, was an incident. */
const incidentDays = 0.25;
/** Demand is back when it is within this many times of what was credible before. */
const backRatio = 1.5;

/** Incredible demand of half a day. */
interface Surge {
  readonly fromStep: number;
  lastStep: number;
  highest: number;
}

/** Incredible demand that has become credible within the last hours: what was credible before, and since when it is. */
interface UnprovenSurge {
  readonly before: DailyMaxima;
  readonly fromStep: number;
  /** It is credible because it came again, and not because it lasts. */
  readonly cameBefore: boolean;
}

/**
 * The highest demand of the last four weeks that is credible. A value up to three times as high as all before counts as the
 * median of itself and the two before it, so that a single spike does not count. A value above that is incredible: it counts
 * once such values have lasted for half an hour of a day, as the lowest of them, or when it came again.
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
  #unproven: UnprovenSurge | undefined;
  #backSteps = 0;

  /** `lastingSteps`: steps for which incredible demand must last. */
  constructor(stepsPerDay: number, lastingSteps: number) {
    this.#maxima = new DailyMaxima(stepsPerDay);
    this.#stepsPerDay = stepsPerDay;
    this.#lasting = Array.from({ length: lastingSteps }, () => 0);
  }

  copyState(copier: StateCopier): void {
    this.#maxima.copyState(copier);
    copier.list(this.#lasting);
    this.#lastingSteps = copier.number(this.#lastingSteps);
    this.#surge = copiedSurge(copier, this.#surge);
    this.#surgeBefore = copiedSurge(copier, this.#surgeBefore);
    this.#before = copier.number(this.#before);
    this.#beforeThat = copier.number(this.#beforeThat);
    this.#unproven = this.#copiedUnproven(copier);
    this.#backSteps = copier.number(this.#backSteps);
  }

  #copiedUnproven(copier: StateCopier): UnprovenSurge | undefined {
    if (!copier.flag(this.#unproven !== undefined)) return undefined;
    const before = this.#unproven?.before ?? new DailyMaxima(this.#stepsPerDay);
    before.copyState(copier);
    const fromStep = copier.number(this.#unproven?.fromStep ?? 0);
    return { before, fromStep, cameBefore: copier.flag(this.#unproven?.cameBefore ?? false) };
  }

  get value(): number {
    return this.#maxima.highest;
  }

  /** Whether incredible demand has become credible within the last hours, and may yet turn out to be an incident. */
  get isUnproven(): boolean {
    return this.#unproven !== undefined;
  }

  /** Takes demand as credible that nothing before can make credible, because there was nothing before. */
  begin(value: number): void {
    this.#maxima.note(0, value);
  }

  /** Takes the present value of a step; steps rise. False: the value is incredible, and nothing should be learned from it. */
  note(step: number, value: number): boolean {
    this.#endSurge(step, value);
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
    const cameBefore = this.#cameBefore(step, value);
    if (cameBefore || this.#lastingSteps >= lasting.length) {
      this.#unproven ??= { before: this.#maxima.copy(), fromStep: step, cameBefore };
      this.#maxima.note(step, cameBefore ? value : Math.min(...lasting));
    }
    this.#remember(step, value);
  }

  /** Demand that lasted once and within hours was back at what was credible before was an incident, and is credible no more. */
  #endSurge(step: number, value: number): void {
    if (this.#unproven === undefined) return;
    const { before, fromStep, cameBefore } = this.#unproven;
    this.#backSteps = value <= backRatio * before.highest ? this.#backSteps + 1 : 0;
    const isBack = this.#backSteps >= this.#lasting.length;
    if (isBack && !cameBefore) this.#maxima.restore(before);
    if (!isBack && step - fromStep < incidentDays * this.#stepsPerDay) return;
    this.#unproven = undefined;
    this.#backSteps = 0;
  }

  /**
   * Whether demand was about as high on another day at about this time, or on two other days at any. Where nothing was above
   * zero, once is enough.
   */
  #cameBefore(step: number, value: number): boolean {
    const alike = [this.#surge, this.#surgeBefore].filter(
      (surge) => surge !== undefined && this.#isAlike(surge, step, value),
    );
    if (alike.length === 0) return false;
    return alike.length > 1 || this.value === 0 || this.#isAtTimeOfDay(alike[0]!, step);
  }

  #isAlike({ lastStep, highest }: Surge, step: number, value: number): boolean {
    const age = step - lastStep;
    const isOtherDay = age >= this.#stepsPerDay / 2 && age <= days * this.#stepsPerDay;
    return isOtherDay && highest <= alikeRatio * value && value <= alikeRatio * highest;
  }

  #isAtTimeOfDay({ fromStep, lastStep }: Surge, step: number): boolean {
    const slack = Math.round(this.#stepsPerDay / 24);
    const sinceBegin = (step - fromStep + slack) % this.#stepsPerDay;
    return sinceBegin <= lastStep - fromStep + 2 * slack;
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

function copiedSurge(copier: StateCopier, surge: Surge | undefined): Surge | undefined {
  if (!copier.flag(surge !== undefined)) return undefined;
  return {
    fromStep: copier.number(surge?.fromStep ?? 0),
    lastStep: copier.number(surge?.lastStep ?? 0),
    highest: copier.number(surge?.highest ?? 0),
  };
}
