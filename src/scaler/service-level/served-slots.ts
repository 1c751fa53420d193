import type { ServedSpan, StateCopier, Stateful } from '../../forecast/index.ts';

/** Numbers of a span: seconds, and for each rule the short seconds and the replica seconds. */
export const spanWidth = 5;

/** Sums by slots of time. Memory is bounded: the newest slots are kept. */
export interface ServedSlots extends Stateful {
  /** Adds the numbers of a tick that ends at `atSeconds` and lies within one slot; times do not fall. */
  add(atSeconds: number, tick: Float64Array): void;
  /** Adds up the slots that end after `fromSeconds`: less than a slot more than was asked for. */
  since(fromSeconds: number): ServedSpan;
}

export function createServedSlots(slotSeconds: number, keptSlots: number): ServedSlots {
  return new NewestSlots(slotSeconds, keptSlots);
}

/** A class, as StartingFleet of the controllers is. */
class NewestSlots implements ServedSlots {
  readonly #slotSeconds: number;
  readonly #keptSlots: number;
  /** Sums of the newest slots, each at the remainder of its number; zeros where nothing was served. */
  readonly #numbers: Float32Array;
  /** Number of the newest slot; NaN before the first. */
  #newest = Number.NaN;

  constructor(slotSeconds: number, keptSlots: number) {
    this.#slotSeconds = slotSeconds;
    this.#keptSlots = keptSlots;
    this.#numbers = new Float32Array(keptSlots * spanWidth);
  }

  copyState(copier: StateCopier): void {
    copier.numbers(this.#numbers);
    this.#newest = copier.number(this.#newest);
  }

  add(atSeconds: number, tick: Float64Array): void {
    const numbers = this.#numbers;
    // The slot that a tick ends in, where a tick that ends with a slot belongs to it.
    const slot = Math.ceil(atSeconds / this.#slotSeconds) - 1;
    if (slot !== this.#newest) this.#begin(slot);
    const row = (slot % this.#keptSlots) * spanWidth;
    for (let index = 0; index < spanWidth; index++)
      numbers[row + index] = (numbers[row + index] ?? 0) + (tick[index] ?? 0);
  }

  since(fromSeconds: number): ServedSpan {
    const kept = this.#keptSlots;
    const sums = new Float64Array(spanWidth);
    for (let place = 0; place < kept; place++) {
      const slot = this.#newest - ((this.#newest - place) % kept);
      if (!((slot + 1) * this.#slotSeconds > fromSeconds)) continue;
      for (let index = 0; index < spanWidth; index++)
        sums[index] = (sums[index] ?? 0) + (this.#numbers[place * spanWidth + index] ?? 0);
    }
    return toSpan(sums);
  }

  /** Forgets what was at the places of a slot and of those that were skipped before it. */
  #begin(slot: number): void {
    const kept = this.#keptSlots;
    const before = Number.isNaN(this.#newest) ? slot - 1 : this.#newest;
    for (let skipped = Math.max(before, slot - kept) + 1; skipped <= slot; skipped++) {
      const row = (skipped % kept) * spanWidth;
      this.#numbers.fill(0, row, row + spanWidth);
    }
    this.#newest = slot;
  }
}

/** A span of its five numbers. */
export function toSpan([
  seconds = 0,
  ownShort = 0,
  ownReplicas = 0,
  reactiveShort = 0,
  reactiveReplicas = 0,
]: Float64Array): ServedSpan {
  return {
    seconds,
    forescale: { shortSeconds: ownShort, replicaSeconds: ownReplicas },
    reactive: { shortSeconds: reactiveShort, replicaSeconds: reactiveReplicas },
  };
}
