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

/** Where one forecaster keeps what it learned about horizons and windows. Float32 holds seven digits, more than a forecast has. */
export interface Arena {
  readonly numbers: GrowingStore<Float32Array>;
  readonly codes: GrowingStore<Uint8Array>;
  readonly counts: GrowingStore<Uint16Array>;
}

/** Creates an empty arena; parts reserve their room in it when they are made. */
export function createArena(): Arena {
  return {
    numbers: new GrowingStore((length) => new Float32Array(length)),
    codes: new GrowingStore((length) => new Uint8Array(length)),
    counts: new GrowingStore((length) => new Uint16Array(length)),
  };
}
