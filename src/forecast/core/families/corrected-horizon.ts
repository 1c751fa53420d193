import type { StateCopier } from '../memory/state-copier.ts';
import type { FarErrors } from './far-features.ts';

/** Days of errors in the unit and in the signed error of a week, and of what the correction has gained. */
const weekDays = 7;
const gainDays = 28;
/** Forecasts that must have come due before there is a unit. */
const fewestMatured = 8;
/** A typical error of nothing would make everything infinitely many units. */
const leastUnit = 1e-3;
/** Share of the correction that is served while nothing tells whether it helps, and what a standard error of its gain adds to that. */
const firstShare = 0.5;
const shareOfDeviation = 0.5;

/** Where the running numbers are; the forecasts that have not come due follow. */
const at = { count: 0, typical: 1, ofDay: 2, ofWeek: 3, gain: 4, gainSquare: 5, pending: 6 };

/**
 * How the combination at one far horizon has done, and how it would have done with the correction of the trees. Forecasts are kept until
 * the truth is known, as those of the experts are. A correction that a series shows to be wrong loses its share.
 */
export class CorrectedHorizon implements FarErrors {
  readonly #stride: number;
  readonly #horizonSteps: number;
  readonly #daySteps: number;
  readonly #rows: number;
  /** Float32 holds seven digits, more than a forecast has. */
  readonly #numbers: Float32Array;

  constructor(horizonSteps: number, strideSteps: number, daySteps: number) {
    this.#stride = strideSteps;
    this.#horizonSteps = horizonSteps;
    this.#daySteps = daySteps;
    this.#rows = Math.ceil(horizonSteps / strideSteps);
    this.#numbers = new Float32Array(at.pending + 2 * this.#rows).fill(Number.NaN, at.pending);
  }

  copyState(copier: StateCopier): void {
    copier.numbers(this.#numbers);
  }

  get typical(): number {
    return Math.max(leastUnit, this.#numbers[at.typical]!);
  }

  get ofDay(): number {
    return this.#numbers[at.ofDay]!;
  }

  get ofWeek(): number {
    return this.#numbers[at.ofWeek]!;
  }

  /** Whether enough forecasts have come due to correct the next one. */
  get isKnown(): boolean {
    return this.#numbers[at.count]! >= fewestMatured;
  }

  /** Share of the correction that is served, 0–1. */
  get share(): number {
    const deviations = this.#numbers[at.gain]! / Math.sqrt(this.#numbers[at.gainSquare]!);
    if (Number.isNaN(deviations)) return firstShare;
    return Math.max(0, Math.min(1, firstShare + shareOfDeviation * deviations));
  }

  /** Keeps the root of a combination, and that of the corrected one, until the truth is known; NaN = there is none. */
  keep(step: number, root: number, corrected: number): void {
    const row = this.#rowOf(step);
    this.#numbers[row] = root;
    this.#numbers[row + 1] = corrected;
  }

  /** Learns from the forecast made `horizonSteps` ago: `truth` is the value of `step`, NaN = missing. */
  mature(step: number, truth: number): void {
    const madeAt = step - this.#horizonSteps;
    if (madeAt < 0 || madeAt % this.#stride !== 0) return;
    const row = this.#rowOf(madeAt);
    const numbers = this.#numbers;
    const root = numbers[row]!;
    if (Number.isNaN(root + truth)) return;
    numbers[at.count]!++;
    const error = Math.sqrt(truth) - root;
    const perWeek = this.#stride / (weekDays * this.#daySteps);
    this.#move(at.typical, perWeek, Math.abs(error));
    this.#move(at.ofWeek, perWeek, error);
    this.#move(at.ofDay, this.#stride / this.#daySteps, error);
    const corrected = numbers[row + 1]!;
    if (Number.isNaN(corrected)) return;
    const gain = Math.abs(truth - root * root) - Math.abs(truth - corrected * corrected);
    const keep = 1 - this.#stride / (gainDays * this.#daySteps);
    numbers[at.gain] = keep * numbers[at.gain]! + gain;
    // Forecasts within one horizon's length err alike: together they are one proof.
    numbers[at.gainSquare] = keep * numbers[at.gainSquare]! + this.#rows * gain * gain;
  }

  #move(which: number, rate: number, value: number): void {
    const before = this.#numbers[which]!;
    this.#numbers[which] = before + Math.max(rate, 1 / this.#numbers[at.count]!) * (value - before);
  }

  #rowOf(step: number): number {
    return at.pending + 2 * (Math.floor(step / this.#stride) % this.#rows);
  }
}
