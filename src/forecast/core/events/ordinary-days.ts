import type { StateCopier } from '../memory/state-copier.ts';
import { parts } from './occurrence.ts';

/** Variance of a part before any day has shown it: a part differs by an eighth of its root. */
const firstVariance = 1 / 64;
const leastVariance = 1e-4;
/** The newest day has at least this weight in the variance. */
const varianceRate = 1 / 14;

/** How far ordinary days are from what is usual: their level lately, and how much parts of them vary. In square roots. */
export class OrdinaryDays {
  /** Variance, by part of the day, of how many times what came differs from what is usual. */
  readonly variances = new Float64Array(parts).fill(firstVariance);
  readonly #seen = new Float64Array(parts);
  readonly #forget: number;
  #levelSum = 0;
  #usualSquare = 0;
  #part = -1;
  #came = 0;
  #base = 0;

  constructor(daySteps: number) {
    this.#forget = 1 - 1 / daySteps;
  }

  copyState(copier: StateCopier): void {
    copier.numbers(this.variances);
    copier.numbers(this.#seen);
    this.#levelSum = copier.number(this.#levelSum);
    this.#usualSquare = copier.number(this.#usualSquare);
    this.#part = copier.number(this.#part);
    this.#came = copier.number(this.#came);
    this.#base = copier.number(this.#base);
  }

  /** Times demand lately is that which is usual, as a root. */
  get level(): number {
    return this.#usualSquare > 0 ? Math.min(2, Math.max(0.5, this.#levelSum / this.#usualSquare)) : 1;
  }

  /** Learns a step of an ordinary day: what came and what is usual then. */
  learn(part: number, came: number, usual: number): void {
    if (part !== this.#part) this.#endPart(part);
    const base = usual * this.level;
    this.#came += base * came;
    this.#base += base * base;
    this.#levelSum = this.#forget * this.#levelSum + usual * came;
    this.#usualSquare = this.#forget * this.#usualSquare + usual * usual;
  }

  /** The mean variance, for each part: for events whose parts are not those of the day. */
  meanVariances(): Float64Array {
    const mean = this.variances.reduce((sum, variance) => sum + variance, 0) / parts;
    return new Float64Array(parts).fill(mean);
  }

  /** Leaves a part that an event has broken off. */
  breakOff(): void {
    this.#part = -1;
  }

  #endPart(next: number): void {
    if (this.#part >= 0 && this.#base > 0) {
      const times = this.#came / this.#base;
      const seen = ++this.#seen[this.#part]!;
      const before = this.variances[this.#part]!;
      const rate = Math.max(varianceRate, 1 / (seen + 1));
      this.variances[this.#part] = Math.max(leastVariance, before + rate * ((times - 1) ** 2 - before));
    }
    this.#part = next;
    this.#came = 0;
    this.#base = 0;
  }
}
