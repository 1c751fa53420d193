/** Steps that are kept: decisions look some minutes ahead, and all that they ask for is among these. */
export const nearestSteps = 24;

/**
 * The nearest steps of a forecaster's own path. The table that holds whole paths is that of the forecaster that was asked last, and a
 * server never asks the same one twice in a row.
 */
export class NearestSteps {
  readonly #values = new Float64Array(nearestSteps);
  #steps = 0;
  #version = -1;

  /** Keeps the first of `steps` steps of a path, which are out of date as soon as the version is another. */
  keep(path: Float64Array, steps: number, version: number): void {
    this.#steps = Math.min(steps, nearestSteps);
    this.#version = version;
    for (let i = 0; i < this.#steps; i++) this.#values[i] = path[i]!;
  }

  /** The value h ≥ 1 steps ahead; undefined where it is not kept, or out of date. */
  at(h: number, version: number): number | undefined {
    return version === this.#version && h <= this.#steps ? this.#values[h - 1] : undefined;
  }

  forget(): void {
    this.#steps = 0;
  }

  /** The steps that are kept and not out of date. */
  saved(version: number): Float64Array {
    return this.#values.slice(0, version === this.#version ? this.#steps : 0);
  }
}
