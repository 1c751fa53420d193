/** Means are whole multiples of a quantum, which doubles when one no longer fits: next to demand it is nothing. */
const finestQuantum = 2 ** -13;
const unseen = 65_535;
const largest = unseen - 1;

/**
 * A running mean of every moment of a season, in square-root space: what is usual then. Sixteen bits each.
 *
 * A class, as whatever has a getter: an object literal with one has a hidden class of its own, half a kilobyte each, and
 * every access to it is looked up anew.
 */
export class SlotMeans {
  /** Length of the season in steps; 0 = there is none. */
  readonly seasonSteps: number;
  readonly #rate: number;
  readonly #multiples: Uint16Array;
  #quantum = finestQuantum;
  #filled = 0;

  /** `rate` is the weight of the newest value, once there have been so many that a plain mean would give it less. */
  constructor(seasonSteps: number, rate: number) {
    this.seasonSteps = seasonSteps;
    this.#rate = rate;
    this.#multiples = new Uint16Array(seasonSteps).fill(unseen);
  }

  /** Every moment has been seen. */
  get isFull(): boolean {
    return this.seasonSteps > 0 && this.#filled === this.seasonSteps;
  }

  /** What is usual at a step, counted from the first; NaN before its moment has been seen. */
  at(step: number): number {
    return this.ofSlot(step % this.seasonSteps);
  }

  /** The same of a moment, from 0 to `seasonSteps` − 1. */
  ofSlot(slot: number): number {
    const multiple = this.#multiples[slot] ?? unseen;
    return multiple === unseen ? Number.NaN : multiple * this.#quantum;
  }

  learn(step: number, root: number): void {
    const { seasonSteps } = this;
    if (seasonSteps === 0) return;
    const slot = step % seasonSteps;
    const mean = this.ofSlot(slot);
    if (Number.isNaN(mean)) {
      this.#keep(slot, root);
      this.#filled++;
      return;
    }
    const seasonsSeen = Math.floor(step / seasonSteps);
    this.#keep(slot, mean + Math.max(this.#rate, 1 / (seasonsSeen + 1)) * (root - mean));
  }

  #keep(slot: number, mean: number): void {
    while (mean > largest * this.#quantum) this.#coarsen();
    this.#multiples[slot] = Math.round(mean / this.#quantum);
  }

  #coarsen(): void {
    this.#quantum *= 2;
    for (const [slot, multiple] of this.#multiples.entries()) {
      if (multiple !== unseen) this.#multiples[slot] = Math.round(multiple / 2);
    }
  }
}
