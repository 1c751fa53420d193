/**
 * Room for numbers of many small parts in one array: an array of its own costs each of them 200 bytes beside what it holds,
 * and a forecaster has dozens of them.
 */
class Store<T extends Float32Array | Uint16Array | Uint8Array> {
  /** All of them; another array once more room has been reserved. */
  values: T;
  readonly #make: (length: number) => T;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.values = make(0);
  }

  /** Where the room for so many numbers begins; they are 0. */
  reserve(count: number): number {
    const start = this.values.length;
    const grown = this.#make(start + count);
    grown.set(this.values);
    this.values = grown;
    return start;
  }
}

/** Where what is learned of horizons and windows is kept; one for all of a forecaster. */
export interface Stores {
  readonly numbers: Store<Float32Array>;
  readonly codes: Store<Uint8Array>;
  readonly counts: Store<Uint16Array>;
}

export function createStores(): Stores {
  return {
    numbers: new Store((length) => new Float32Array(length)),
    codes: new Store((length) => new Uint8Array(length)),
    counts: new Store((length) => new Uint16Array(length)),
  };
}
