/** Days that are remembered. */
const days = 28;

/** The highest demand the history makes credible: that of a middle of three values, so that one lonely spike is not. */
export interface CredibleMaximum {
  readonly value: number;
  note(step: number, value: number): void;
}

export function createCredibleMaximum(stepsPerDay: number): CredibleMaximum {
  const highestOfDay = new Float64Array(days);
  let highest = 0;
  let day = -1;
  let before = 0;
  let beforeThat = 0;
  return {
    get value() {
      return highest;
    },
    note(step, value) {
      const today = Math.floor(step / stepsPerDay);
      if (day < today) {
        // Days that passed without a value are forgotten with the one that began.
        for (; day < today; day = Math.max(day + 1, today - days)) highestOfDay[(day + 1) % days] = 0;
        highest = Math.max(...highestOfDay);
      }
      const middle = Math.max(Math.min(before, beforeThat), Math.min(Math.max(before, beforeThat), value));
      highestOfDay[today % days] = Math.max(highestOfDay[today % days] ?? 0, middle);
      highest = Math.max(highest, middle);
      beforeThat = before;
      before = value;
    },
  };
}
