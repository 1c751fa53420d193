import type { StateCopier } from './state-copier.ts';

/**
 * Numbers of many small parts in one array. An array of its own costs each part 200 bytes beside what it holds, and a
 * forecaster has dozens of parts.
 */
class GrowingStore<T extends Float32Array | Uint16Array | Uint8Array> {
  /** The numbers of all parts; a different array after each `reserve`. */
  values: T;
  readonly #make: (length: number) => T;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.values = make(0);
  }

  /** Reserves room for `count` numbers, which are 0, and returns the index of the first. */
  reserve(count: number): number {
    const start = this.values.length;
    const grown = this.#make(start + count);
    grown.set(this.values);
    this.values = grown;
    return start;
  }
}

export type Arena = ReturnType<typeof createArena>;

/**
 * Where one forecaster keeps what it learned about horizons and windows; parts reserve their room in it when they are made.
 * Float32 holds seven digits, more than a forecast has.
 */
export function createArena() {
  const arena = {
    numbers: new GrowingStore<Float32Array>((length) => new Float32Array(length)),
    codes: new GrowingStore<Uint8Array>((length) => new Uint8Array(length)),
    counts: new GrowingStore<Uint16Array>((length) => new Uint16Array(length)),
    /** To be called once all parts have reserved their room. */
    copyState(copier: StateCopier): void {
      copier.numbers(arena.numbers.values);
      copier.numbers(arena.codes.values);
      copier.numbers(arena.counts.values);
    },
  };
  return arena;
}
