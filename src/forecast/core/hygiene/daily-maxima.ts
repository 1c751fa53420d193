import type { StateCopier } from '../memory/state-copier.ts';

/** Days that are remembered. */
export const days = 28;

/** The highest value of the last four weeks, day by day, so that old maxima are forgotten. */
export class DailyMaxima {
  highest = 0;
  readonly #stepsPerDay: number;
  readonly #ofDay: number[] = Array.from({ length: days }, () => 0);
  #day = 0;

  constructor(stepsPerDay: number) {
    this.#stepsPerDay = stepsPerDay;
  }

  copyState(copier: StateCopier): void {
    this.highest = copier.number(this.highest);
    this.#day = copier.number(this.#day);
    copier.list(this.#ofDay);
  }

  /** The maxima as they are now, for `restore`. */
  copy(): DailyMaxima {
    const copy = new DailyMaxima(this.#stepsPerDay);
    copy.restore(this);
    return copy;
  }

  /** Takes over the maxima of a copy, which is older. */
  restore(copy: DailyMaxima): void {
    for (const [day, highest] of copy.#ofDay.entries()) this.#ofDay[day] = highest;
    this.#day = copy.#day;
    this.highest = copy.highest;
  }

  /** Takes a value of the day of this step. Days that passed without a value are forgotten with the day that begins. */
  note(step: number, value: number): void {
    const today = Math.floor(step / this.#stepsPerDay);
    const ofDay = this.#ofDay;
    if (today !== this.#day) {
      for (let day = Math.max(this.#day + 1, today - days + 1); day <= today; day++) ofDay[day % days] = 0;
      this.#day = today;
      this.highest = Math.max(...ofDay);
    }
    ofDay[today % days] = Math.max(ofDay[today % days]!, value);
    this.highest = Math.max(this.highest, value);
  }
}
