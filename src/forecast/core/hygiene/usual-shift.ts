import type { StateCopier } from '../memory/state-copier.ts';

/** How far demand lately was from the usual level (signed), and how far from there it typically is. In square roots. */
export class UsualShift {
  /** Mean difference from the usual level. */
  shift = 0;
  /** Mean absolute difference from `shift`. */
  typical = 0;
  readonly #shiftRate: number;
  readonly #typicalRate: number;
  #steps = 0;

  /** The shift follows demand within two hours of a day, the typical difference within half a day. */
  constructor(shortSeasonSteps: number) {
    this.#shiftRate = Math.min(0.5, 24 / shortSeasonSteps);
    this.#typicalRate = Math.min(0.5, 4 / shortSeasonSteps);
  }

  copyState(copier: StateCopier): void {
    this.shift = copier.number(this.shift);
    this.typical = copier.number(this.typical);
    this.#steps = copier.number(this.#steps);
  }

  /** Learns one difference of a value from what is usual at its step. */
  learn(difference: number): void {
    this.#steps++;
    this.typical +=
      Math.max(this.#typicalRate, 1 / this.#steps) * (Math.abs(difference - this.shift) - this.typical);
    this.shift += Math.max(this.#shiftRate, 1 / this.#steps) * (difference - this.shift);
  }
}
