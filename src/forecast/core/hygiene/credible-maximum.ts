/** Days that are remembered. */
const days = 28;

/** The highest demand the history makes credible: that of a middle of three values, so that one lonely spike is not. */
export class CredibleMaximum {
  value = 0;
  readonly #stepsPerDay: number;
  readonly #highestOfDay: number[] = Array.from({ length: days }, () => 0);
  #day = -1;
  #before = 0;
  #beforeThat = 0;

  constructor(stepsPerDay: number) {
    this.#stepsPerDay = stepsPerDay;
  }

  note(step: number, value: number): void {
    const ofDay = this.#highestOfDay;
    const today = Math.floor(step / this.#stepsPerDay);
    if (this.#day < today) {
      // Days that passed without a value are forgotten with the one that began.
      for (; this.#day < today; this.#day = Math.max(this.#day + 1, today - days)) {
        ofDay[(this.#day + 1) % days] = 0;
      }
      this.value = Math.max(...ofDay);
    }
    const [before, beforeThat] = [this.#before, this.#beforeThat];
    const middle = Math.max(Math.min(before, beforeThat), Math.min(Math.max(before, beforeThat), value));
    ofDay[today % days] = Math.max(ofDay[today % days] ?? 0, middle);
    this.value = Math.max(this.value, middle);
    this.#beforeThat = before;
    this.#before = value;
  }
}
