/**
 * A running mean of every moment of a season, in square-root space: what is usual then.
 *
 * A class, as whatever has a getter: an object literal with one has a hidden class of its own, half a kilobyte each, and
 * every access to it is looked up anew.
 */
export class SlotMeans {
  /** Length of the season in steps; 0 = there is none. */
  readonly seasonSteps: number;
  /** By moment; NaN where it has not been seen. */
  readonly means: Float32Array;
  readonly #rate: number;
  #filled = 0;

  /** `rate` is the weight of the newest value, once there have been so many that a plain mean would give it less. */
  constructor(seasonSteps: number, rate: number) {
    this.seasonSteps = seasonSteps;
    this.means = new Float32Array(seasonSteps).fill(Number.NaN);
    this.#rate = rate;
  }

  /** Every moment has been seen. */
  get isFull(): boolean {
    return this.seasonSteps > 0 && this.#filled === this.seasonSteps;
  }

  /** What is usual at a step, counted from the first; NaN before its moment has been seen. */
  at(step: number): number {
    return this.means[step % this.seasonSteps] ?? Number.NaN;
  }

  learn(step: number, root: number): void {
    const { seasonSteps, means } = this;
    if (seasonSteps === 0) return;
    const slot = step % seasonSteps;
    const mean = means[slot] ?? Number.NaN;
    if (Number.isNaN(mean)) {
      means[slot] = root;
      this.#filled++;
      return;
    }
    const seasonsSeen = Math.floor(step / seasonSteps);
    means[slot] = mean + Math.max(this.#rate, 1 / (seasonsSeen + 1)) * (root - mean);
  }
}
