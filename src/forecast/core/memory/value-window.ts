import type { StateCopier } from './state-copier.ts';

/**
 * The newest grid values under one transform, contiguous in memory so that a lag is an index. The window holds `capacity`
 * values; its buffer is a thirty-second larger, so that values are rarely moved to make room. Single precision has seven
 * digits, more than demand has.
 */
export class ValueWindow {
  /** Valid in [start, end); the newest value is at end − 1. */
  readonly values: Float32Array;
  start = 0;
  end = 0;
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.values = new Float32Array(capacity + Math.ceil(capacity / 32));
  }

  copyState(copier: StateCopier): void {
    this.start = copier.number(this.start);
    this.end = copier.number(this.end);
    const { values, end } = this;
    // A full window has always the same length in bytes, so that there is always room for it where it was before.
    const isFull = end >= this.#capacity;
    if (isFull) values.fill(0, end);
    // What stands before the start is copied too: seasons before the window are read from there.
    copier.numbers(isFull ? values : values.subarray(0, end));
  }

  push(value: number): void {
    const { values } = this;
    if (this.end === values.length) {
      values.copyWithin(0, this.end - this.#capacity + 1, this.end);
      this.start = 0;
      this.end = this.#capacity - 1;
    }
    values[this.end++] = value;
    this.start = Math.max(this.start, this.end - this.#capacity);
  }

  /** Takes the newest `count` values back, or as many as there are. */
  takeBack(count: number): void {
    this.end = Math.max(this.start, this.end - count);
  }
}
