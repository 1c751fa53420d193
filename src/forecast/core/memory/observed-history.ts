import type { StateCopier } from './state-copier.ts';

/** Codes are equal steps of the logarithm from the smallest value that differs from nothing; an error is 0.03 % at most. */
const smallest = 1e-7;
const largest = 1e10;
const codes = 65_533;
const perCode = Math.log(largest / smallest) / codes;
const nothing = 0;
const missing = 65_535;

/**
 * The values that were observed on the grid, and where one was missing: what people are shown. Sixteen bits each, because
 * nothing is calculated from them. Values are in the engine's unit.
 */
export class ObservedHistory {
  /** Number of grid steps that are remembered. */
  count = 0;
  readonly #codes: Uint16Array;
  #next = 0;

  /** `capacity`: the largest `count`, at least 1. */
  constructor(capacity: number) {
    this.#codes = new Uint16Array(capacity);
  }

  copyState(copier: StateCopier): void {
    this.count = copier.number(this.count);
    this.#next = copier.number(this.#next);
    copier.numbers(this.#codes.subarray(0, this.count));
  }

  /** Adds the value of the next grid step; NaN = missing. */
  push(value: number): void {
    this.#codes[this.#next] = codeOf(value);
    this.#next = (this.#next + 1) % this.#codes.length;
    this.count = Math.min(this.count + 1, this.#codes.length);
  }

  /** The value `stepsBack` (0 … count − 1) steps before the newest; NaN = missing. */
  at(stepsBack: number): number {
    const length = this.#codes.length;
    return demandOf(this.#codes[(this.#next - 1 - stepsBack + 2 * length) % length]!);
  }
}

function codeOf(value: number): number {
  if (Number.isNaN(value)) return missing;
  if (value < smallest) return nothing;
  return 1 + Math.min(codes, Math.round(Math.log(value / smallest) / perCode));
}

function demandOf(code: number): number {
  if (code === missing) return Number.NaN;
  return code === nothing ? 0 : smallest * Math.exp((code - 1) * perCode);
}
