import type { StateCopier } from './state-copier.ts';

/** Means are whole multiples of a quantum, which doubles when a mean no longer fits: the error is negligible beside demand. */
const finestQuantum = 2 ** -13;
const unseen = 65_535;
const largest = unseen - 1;

/** Share of the week in what is usual at a moment; the rest is the day's. */
export const weekShare = 0.6;

/** What is usual at a step by the day and the week, as a square root: their weighted mean, or the one that is known. */
export function usualAt(day: Pick<SlotMeans, 'at'>, week: Pick<SlotMeans, 'at'>, step: number): number {
  return mixedUsual(day.at(step), week.at(step));
}

/** What is usual at a moment by what is usual on a day and in a week then, NaN = not known. */
export function mixedUsual(ofDay: number, ofWeek: number): number {
  if (Number.isNaN(ofDay)) return ofWeek;
  return Number.isNaN(ofWeek) ? ofDay : weekShare * ofWeek + (1 - weekShare) * ofDay;
}

/**
 * The running mean of every moment (slot) of a season, in square-root space: what is usual then. Sixteen bits each.
 *
 * A class, because it has a getter and there are many: each object literal with a getter has a hidden class of its own,
 * half a kilobyte, and every access to it is looked up anew.
 */
export class SlotMeans {
  /** Length of the season in steps; 0 = there is none. */
  readonly seasonSteps: number;
  readonly #rate: number;
  readonly lent: { values: Uint16Array };
  #quantum = finestQuantum;
  #filled = 0;

  /** `rate` is the weight of the newest value, once a plain mean of the seasons so far would give it less. */
  constructor(seasonSteps: number, rate: number) {
    this.seasonSteps = seasonSteps;
    this.#rate = rate;
    this.lent = { values: new Uint16Array(seasonSteps).fill(unseen) };
  }

  copyState(copier: StateCopier): void {
    copier.lent(this.lent);
    this.#quantum = copier.number(this.#quantum);
    this.#filled = copier.number(this.#filled);
  }

  /** Whether every slot has been learned. */
  get isFull(): boolean {
    return this.seasonSteps > 0 && this.#filled === this.seasonSteps;
  }

  /** What is usual at a step, counted from the first; NaN before its slot has been learned, and where there is no season. */
  at(step: number): number {
    return this.ofSlot(step % this.seasonSteps);
  }

  /** What is usual at a slot, 0 … seasonSteps − 1; NaN before it has been learned. */
  ofSlot(slot: number): number {
    // A season of no steps has no slot, and no step falls on one.
    const multiple = this.lent.values[slot] ?? unseen;
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
    this.lent.values[slot] = Math.round(mean / this.#quantum);
  }

  #coarsen(): void {
    this.#quantum *= 2;
    const multiples = this.lent.values;
    for (const [slot, multiple] of multiples.entries()) {
      if (multiple !== unseen) multiples[slot] = Math.round(multiple / 2);
    }
  }
}
