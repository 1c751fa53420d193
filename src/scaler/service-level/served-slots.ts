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
  /** Number of the slot at each place, NaN where there is none, and its sums, in one piece of memory. */
  readonly #slots: Float64Array;
  readonly #numbers: Float32Array;

  constructor(slotSeconds: number, keptSlots: number) {
    this.#slotSeconds = slotSeconds;
    const slotBytes = keptSlots * Float64Array.BYTES_PER_ELEMENT;
    const memory = new ArrayBuffer(slotBytes + keptSlots * spanWidth * Float32Array.BYTES_PER_ELEMENT);
    this.#slots = new Float64Array(memory, 0, keptSlots).fill(Number.NaN);
    this.#numbers = new Float32Array(memory, slotBytes);
  }

  copyState(copier: StateCopier): void {
    copier.numbers(this.#numbers);
    copier.numbers(this.#slots);
  }

  add(atSeconds: number, tick: Float64Array): void {
    const numbers = this.#numbers;
    // The slot that a tick ends in, where a tick that ends with a slot belongs to it.
    const slot = Math.ceil(atSeconds / this.#slotSeconds) - 1;
    const place = slot % this.#slots.length;
    const row = place * spanWidth;
    if (this.#slots[place] !== slot) {
      this.#slots[place] = slot;
      numbers.fill(0, row, row + spanWidth);
    }
    for (let index = 0; index < spanWidth; index++)
      numbers[row + index] = (numbers[row + index] ?? 0) + (tick[index] ?? 0);
  }

  since(fromSeconds: number): ServedSpan {
    const slots = this.#slots;
    const sums = new Float64Array(spanWidth);
    for (let place = 0; place < slots.length; place++) {
      if (!(((slots[place] ?? Number.NaN) + 1) * this.#slotSeconds > fromSeconds)) continue;
      for (let index = 0; index < spanWidth; index++)
        sums[index] = (sums[index] ?? 0) + (this.#numbers[place * spanWidth + index] ?? 0);
    }
    return toSpan(sums);
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
