import type { Arena } from '../memory/arena.ts';
import type { StateCopier } from '../memory/state-copier.ts';

/** Residuals of an epoch, two and a half days of steps. With the window, two epochs are a week. */
const epochResiduals = 720;

/**
 * How often residuals of each size from zero on came before the window, for the quantiles of which a window of two days holds five
 * residuals: one glitch would hold them up for two days, and then they would have forgotten it. It counts the current epoch and
 * the one before, and forgets what is older.
 */
export class TailMemory {
  /** The largest size that is counted, of this epoch or those before; −1 before any. */
  highest = -1;
  readonly #sizes: number;
  readonly #counts: Arena['counts'];
  readonly #current: number;
  readonly #before: number;
  #currentCount = 0;
  #beforeCount = 0;

  /** `sizes`: the number of sizes, 0 = the smallest. */
  constructor(sizes: number, { counts }: Pick<Arena, 'counts'>) {
    this.#sizes = sizes;
    this.#counts = counts;
    this.#current = counts.reserve(sizes);
    this.#before = counts.reserve(sizes);
  }

  /** Of the counts those up to the highest size are copied: the others are 0. */
  copyState(copier: StateCopier): void {
    this.#currentCount = copier.number(this.#currentCount);
    this.#beforeCount = copier.number(this.#beforeCount);
    this.highest = copier.number(this.highest);
    for (const start of [this.#current, this.#before]) {
      const end = start + this.#sizes;
      const above = Math.max(start, Math.min(end, start + this.highest + 1));
      this.#counts.values.fill(0, above, end);
      copier.counts(this.#counts.values, start, above);
    }
  }

  /** Number of residuals that are counted, of all sizes and below zero. */
  get count(): number {
    return this.#currentCount + this.#beforeCount;
  }

  /** Number of residuals of a size. */
  of(size: number): number {
    const { values } = this.#counts;
    return values[this.#current + size]! + values[this.#before + size]!;
  }

  /** Takes a residual that has left the window; a size below 0 is that of a residual below zero. */
  add(size: number): void {
    const { values } = this.#counts;
    if (this.#currentCount === epochResiduals) {
      values.copyWithin(this.#before, this.#current, this.#current + this.#sizes);
      values.fill(0, this.#current, this.#current + this.#sizes);
      this.#beforeCount = this.#currentCount;
      this.#currentCount = 0;
      while (this.highest >= 0 && this.of(this.highest) === 0) this.highest--;
    }
    this.#currentCount++;
    if (size < 0) return;
    values[this.#current + size]! += 1;
    if (size > this.highest) this.highest = size;
  }
}
