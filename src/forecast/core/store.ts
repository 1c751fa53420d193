/**
 * Room for numbers of many small parts in one array: an array of its own costs each of them 200 bytes beside what it holds,
 * and a forecaster has dozens of them. All room is reserved before the first of it is used; it is 0 then.
 */
class Store<T extends Float32Array | Uint8Array> {
  readonly #make: (length: number) => T;
  #length = 0;
  #values: T | undefined;

  constructor(make: (length: number) => T) {
    this.#make = make;
  }

  /** Where the room for so many numbers begins. */
  reserve(count: number): number {
    if (this.#values !== undefined) throw new Error('room must be reserved before any of it is used');
    const start = this.#length;
    this.#length += count;
    return start;
  }

  get values(): T {
    this.#values ??= this.#make(this.#length);
    return this.#values;
  }
}

/** Where what is learned of horizons and windows is kept; one for all of a forecaster. */
export interface Stores {
  readonly numbers: Store<Float32Array>;
  readonly codes: Store<Uint8Array>;
}

export function createStores(): Stores {
  return {
    numbers: new Store((length) => new Float32Array(length)),
    codes: new Store((length) => new Uint8Array(length)),
  };
}
