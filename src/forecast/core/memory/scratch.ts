/**
 * Working memory for calls that do not overlap. A call reads there only what it has written itself, so ten thousand
 * forecasters can share one scratch, and what they predict does not depend on whether they do.
 */
export interface Scratch {
  /**
   * The working memory that `make` creates: made at the first request, the same object at every later one. Pass a
   * function declared at module level, because it is the key.
   */
  of<T extends object>(make: () => T): T;
}

/** Creates an empty scratch. A caller that wants forecasters without shared memory gives each of them its own. */
export function createScratch(): Scratch {
  const made = new Map<() => object, object>();
  return {
    of<T extends object>(make: () => T): T {
      const known = made.get(make);
      if (known !== undefined) return known as T;
      const created = make();
      made.set(make, created);
      return created;
    },
  };
}

/** The scratch that forecasters and `forecastSeries` share unless the caller passes another one. */
export const sharedScratch: Scratch = createScratch();

/** Numbers of a call, in an array that grows to the longest call. */
export class GrowingNumbers {
  #values = new Float64Array(0);

  /** At least `length` numbers, which hold whatever the call before has left. */
  atLeast(length: number): Float64Array {
    if (this.#values.length < length) this.#values = new Float64Array(2 * length);
    return this.#values;
  }
}
