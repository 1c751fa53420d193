import type { StateCopier } from '../memory/state-copier.ts';

/** In an outage demand is below this share of what was expected. */
const nothingRatio = 0.01;
/**
 * The fall must be more than this many typical errors in square-root space, where errors of counts are alike at every level.
 */
const clearlyErrors = 10;
/** Demand that is absent for more than this share of the time in which it is expected is often zero, and has no outages. */
const oftenRatio = 0.1;
/** Parts of a day by which times of day are compared: an hour. */
const hoursPerDay = 24;

export interface OutageRuleOptions {
  readonly shortSteps: number;
  /** 0 = there is no long season. */
  readonly longSteps: number;
}

/**
 * Distinguishes an outage (of the workload or of its measurement) from demand that has ended or that pauses by habit. The rule
 * is strict, because masked values are not learned and values that were not learned look like an outage again: a night of zero
 * that is masked once is expected to be busy ever after. So the absence of demand is real, and learned,
 * - after half a day of it, until demand has come back;
 * - where demand was absent at about the same time of day on another day of the last week (nights, weekends);
 * - where it is absent for a tenth of the time in which it was expected.
 */
export class OutageRule {
  readonly #shortSteps: number;
  readonly #patienceSteps: number;
  readonly #weekSteps: number;
  /** The newest step at which demand was absent, by the hour of the day, and the newest one at least half a day older. */
  readonly #newest = Array.from({ length: hoursPerDay }, () => Number.NEGATIVE_INFINITY);
  readonly #before = Array.from({ length: hoursPerDay }, () => Number.NEGATIVE_INFINITY);
  /** Absence in a row, steps. */
  #absentSteps = 0;
  /** Share of the steps with clearly expected demand at which there was none, a week's exponential mean. */
  #absentShare = 0;

  constructor({ shortSteps, longSteps }: OutageRuleOptions) {
    this.#shortSteps = shortSteps;
    this.#patienceSteps = Math.floor(shortSteps / 2);
    this.#weekSteps = Math.max(longSteps, 7 * shortSteps);
  }

  copyState(copier: StateCopier): void {
    copier.list(this.#newest);
    copier.list(this.#before);
    this.#absentSteps = copier.number(this.#absentSteps);
    this.#absentShare = copier.number(this.#absentShare);
  }

  /**
   * Whether the value of a step is to be treated as missing. Steps rise. Value and expected value are in the forecaster's unit,
   * the typical error is a difference of square roots.
   */
  masks(step: number, value: number, expected: number, typicalError: number): boolean {
    const isClear = Math.sqrt(expected) - Math.sqrt(nothingRatio * expected) > clearlyErrors * typicalError;
    if (!isClear) return false;
    const isAbsent = value < nothingRatio * expected;
    this.#absentShare += ((isAbsent ? 1 : 0) - this.#absentShare) / this.#weekSteps;
    if (!isAbsent) {
      this.#absentSteps = 0;
      return false;
    }
    this.#absentSteps++;
    const isHabit = this.#isHabit(step);
    this.#remember(step);
    return this.#absentSteps <= this.#patienceSteps && !isHabit && this.#absentShare < oftenRatio;
  }

  /** Whether demand was absent on another day of the last week, at most an hour earlier or later in the day. */
  #isHabit(step: number): boolean {
    const hour = this.#hourOf(step);
    for (const near of [hour + hoursPerDay - 1, hour, hour + 1]) {
      const newest = this.#newest[near % hoursPerDay]!;
      const otherDay = this.#isOtherDay(step, newest) ? newest : this.#before[near % hoursPerDay]!;
      if (step - otherDay <= this.#weekSteps + this.#shortSteps / hoursPerDay) return true;
    }
    return false;
  }

  #remember(step: number): void {
    const hour = this.#hourOf(step);
    const newest = this.#newest[hour]!;
    if (this.#isOtherDay(step, newest)) this.#before[hour] = newest;
    this.#newest[hour] = step;
  }

  #isOtherDay(step: number, earlier: number): boolean {
    return step - earlier > this.#shortSteps / 2;
  }

  #hourOf(step: number): number {
    return Math.floor(((step % this.#shortSteps) * hoursPerDay) / this.#shortSteps);
  }
}
