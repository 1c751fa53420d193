import type { StateCopier } from './state-copier.ts';

/**
 * Numbers of many small parts in one array. An array of its own costs each part 200 bytes beside what it holds, and a
 * forecaster has dozens of parts.
 */
class GrowingStore<T extends Float32Array | Uint16Array | Uint8Array> {
  /** The numbers of all parts; a different array after each `reserve` and after `trim`. */
  values: T;
  /** The same, with room for more. */
  #room: T;
  readonly #make: (length: number) => T;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#room = make(0);
    this.values = this.#room;
  }

  /** Reserves room for `count` numbers, which are 0, and returns the index of the first. */
  reserve(count: number): number {
    const start = this.values.length;
    const end = start + count;
    if (end > this.#room.length) this.#resize(2 * end);
    this.values = this.#room.subarray(0, end) as T;
    return start;
  }

  /** Gives back the room that no part has reserved. */
  trim(): void {
    this.#resize(this.values.length);
    this.values = this.#room;
    this.#room = this.#make(0);
  }

  #resize(length: number): void {
    const resized = this.#make(length);
    resized.set(this.values);
    this.#room = resized;
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
    /** To be called once all parts have reserved their room: a forecaster is kept for weeks. */
    trim(): void {
      for (const store of [arena.numbers, arena.codes, arena.counts]) store.trim();
    },
    /** All but the counts, which are mostly 0: parts copy theirs. */
    copyState(copier: StateCopier): void {
      copier.lent(arena.numbers);
      copier.lent(arena.codes);
    },
  };
  return arena;
}
