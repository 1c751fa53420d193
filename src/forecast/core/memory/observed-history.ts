import { codeOfRoot, rootOfCode } from './root-codes.ts';
import type { StateCopier } from './state-copier.ts';

const missing = 65_535;

/**
 * The values that were observed on the grid, and where one was missing: what people are shown. A code of sixteen bits each, which most
 * of the time is the beginning of what experts see (./window-state.ts). Values are in the engine's unit.
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
    const count = copier.number(this.count);
    if (!(count >= 0 && count <= this.#codes.length))
      throw new RangeError(`the saved state has a history of ${count} steps`);
    this.count = count;
    this.#next = copier.number(this.#next);
    copier.numbers(this.#codes.subarray(0, this.count));
  }

  /** Adds the value of the next grid step; NaN = missing. */
  push(value: number): void {
    this.#codes[this.#next] = Number.isNaN(value) ? missing : codeOfRoot(Math.sqrt(value));
    this.#next = (this.#next + 1) % this.#codes.length;
    this.count = Math.min(this.count + 1, this.#codes.length);
  }

  /**
   * The value `stepsBack` (0 … count − 1) steps before the newest; NaN = missing. It is exact where `shownRoot`, the root that experts
   * see, is of this value, and else within 0.05 %.
   */
  at(stepsBack: number, shownRoot: number): number {
    const length = this.#codes.length;
    const code = this.#codes[(this.#next - 1 - stepsBack + 2 * length) % length]!;
    if (code === missing) return Number.NaN;
    return (codeOfRoot(shownRoot) === code ? shownRoot : rootOfCode(code)) ** 2;
  }

  /** Writes the codes into an array that has room for `count` of them, the newest last. */
  copyCodes(into: Uint16Array): void {
    const oldest = this.count < this.#codes.length ? 0 : this.#next;
    into.set(this.#codes.subarray(oldest, this.count));
    into.set(this.#codes.subarray(0, oldest), this.count - oldest);
  }
}
