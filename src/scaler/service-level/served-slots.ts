import type { ServedSpan, Stateful } from '../../forecast/index.ts';

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
  const numbers = new Float32Array(keptSlots * spanWidth);
  const slots = new Float64Array(keptSlots).fill(Number.NaN);
  return {
    copyState(copier) {
      copier.numbers(numbers);
      copier.numbers(slots);
    },
    add(atSeconds, tick) {
      // The slot that a tick ends in, where a tick that ends with a slot belongs to it.
      const slot = Math.ceil(atSeconds / slotSeconds) - 1;
      const place = slot % keptSlots;
      const row = place * spanWidth;
      if (slots[place] !== slot) {
        slots[place] = slot;
        numbers.fill(0, row, row + spanWidth);
      }
      for (let index = 0; index < spanWidth; index++)
        numbers[row + index] = (numbers[row + index] ?? 0) + (tick[index] ?? 0);
    },
    since(fromSeconds) {
      const sums = new Float64Array(spanWidth);
      for (let place = 0; place < keptSlots; place++) {
        if (!(((slots[place] ?? Number.NaN) + 1) * slotSeconds > fromSeconds)) continue;
        for (let index = 0; index < spanWidth; index++)
          sums[index] = (sums[index] ?? 0) + (numbers[place * spanWidth + index] ?? 0);
      }
      return toSpan(sums);
    },
  };
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
