import type { StateCopier } from '../memory/state-copier.ts';
import type { WatchedLevel } from './calibrated-levels.ts';

/** Level of the bound that a shock breaks through. */
export const shockLevel: WatchedLevel = 0.99;
/** Demand of a shock is this many times as far above the forecast as the bound, in square roots, and this many times the bound. */
const farMargins = 2;
const farRatio = 1.5;
/** A shock is over when demand was far above no forecast for half an hour, or near the bound of before for ten minutes. */
const calmSteps = 6;
const backSteps = 2;
/** A shock that is not over after six hours is no shock but the way demand is now. */
const patienceSteps = 72;

/** A forecast that has come due, its bound at `shockLevel`, and the truth. */
export interface JudgedBound {
  readonly base: number;
  readonly bound: number;
  readonly truth: number;
}

/**
 * A shock is demand far above a bound that had held: a load test, an incident, or demand that rises many times over and stays.
 * Its residuals are no sample of residuals to come. Among the others they would hold the bound up for two days, long after
 * demand is back or forecasts follow it (docs/adr/0015).
 */
export class Shock {
  /** Forecasts that have come due since it began. */
  count = 0;
  /** Residuals of the shock are above this, a difference of square roots. */
  farMargin: number;
  #bound: number;
  #steps = 0;
  #calmSteps = 0;
  #backSteps = 0;

  /** Begins with a forecast for which {@link isShock} holds, which is then the first to be followed. */
  constructor({ base, bound }: JudgedBound) {
    this.farMargin = farMarginOf(base, bound);
    this.#bound = bound;
  }

  copyState(copier: StateCopier): void {
    this.count = copier.number(this.count);
    this.farMargin = copier.number(this.farMargin);
    this.#bound = copier.number(this.#bound);
    this.#steps = copier.number(this.#steps);
    this.#calmSteps = copier.number(this.#calmSteps);
    this.#backSteps = copier.number(this.#backSteps);
  }

  /** Takes a forecast that came due `steps` after the last one. */
  follow({ base, truth }: JudgedBound, steps: number): 'lasts' | 'is over' | 'stays' {
    this.count++;
    this.#steps += steps;
    const isFar = isFarAbove(base, this.farMargin, truth);
    this.#calmSteps = isFar ? 0 : this.#calmSteps + steps;
    this.#backSteps = isFar || truth > farRatio * this.#bound ? 0 : this.#backSteps + steps;
    if (this.#calmSteps >= calmSteps || this.#backSteps >= backSteps) return 'is over';
    return this.#steps >= patienceSteps ? 'stays' : 'lasts';
  }
}

/** Whether a shock begins with a forecast that has come due. */
export function isShock({ base, bound, truth }: JudgedBound): boolean {
  return isFarAbove(base, farMarginOf(base, bound), truth);
}

function farMarginOf(base: number, bound: number): number {
  return farMargins * Math.max(0, Math.sqrt(bound) - Math.sqrt(base));
}

function isFarAbove(base: number, farMargin: number, truth: number): boolean {
  const root = Math.sqrt(base);
  const bound = (root + farMargin / farMargins) ** 2;
  return Math.sqrt(truth) - root > farMargin && truth > farRatio * bound;
}
