import { roundedBits } from './root-codes.ts';
import type { StateCopier } from './state-copier.ts';

/**
 * The newest grid values under one transform, contiguous in memory so that a lag is an index. The window holds `capacity`
 * values; its buffer is a thirty-second larger, so that values are rarely moved to make room. They have six digits, more than
 * demand has (./root-codes.ts); what stands before the start is read too, by seasons from before the window.
 */
export class ValueWindow {
  /** Valid in [start, end); the newest value is at end − 1. */
  readonly values: Float32Array;
  /** The same, as bits. */
  readonly bits: Int32Array;
  start = 0;
  end = 0;
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.values = new Float32Array(capacity + Math.ceil(capacity / 32));
    this.bits = new Int32Array(this.values.buffer);
  }

  /** Copies the values whole, where no history holds most of their bits. */
  copyState(copier: StateCopier): void {
    const end = copier.number(this.end);
    if (!(end >= 0 && end <= this.values.length))
      throw new RangeError(`the saved state has a window of ${end} values`);
    this.start = copier.number(this.start);
    this.end = end;
    copier.numbers(this.values.subarray(0, end));
  }

  /** Puts a value at an index of `values`. */
  set(index: number, value: number): void {
    this.values[index] = value;
    this.bits[index] = roundedBits(this.bits[index]!);
  }

  push(value: number): void {
    const { values } = this;
    if (this.end === values.length) {
      values.copyWithin(0, this.end - this.#capacity + 1, this.end);
      this.start = 0;
      this.end = this.#capacity - 1;
    }
    this.set(this.end++, value);
    this.start = Math.max(this.start, this.end - this.#capacity);
  }

  /** Takes the newest `count` values back, or as many as there are. */
  takeBack(count: number): void {
    this.end = Math.max(this.start, this.end - count);
  }
}
