/**
 * The newest grid values under one transform, contiguous in memory so that a lag is an index. The window holds `capacity`
 * values; its buffer is a thirty-second larger, so that values are rarely moved to make room. Single precision has seven
 * digits, more than demand has.
 */
export interface ValueWindow {
  /** Valid in [start, end); the newest value is at end − 1. */
  readonly values: Float32Array;
  readonly start: number;
  readonly end: number;
  push(value: number): void;
  /** Takes the newest `count` values back, or as many as there are. */
  takeBack(count: number): void;
}

/** Creates an empty window for `capacity` values. */
export function createValueWindow(capacity: number): ValueWindow {
  const values = new Float32Array(capacity + Math.ceil(capacity / 32));
  return {
    values,
    start: 0,
    end: 0,
    push(this: { start: number; end: number }, value: number) {
      if (this.end === values.length) {
        values.copyWithin(0, this.end - capacity + 1, this.end);
        this.start = 0;
        this.end = capacity - 1;
      }
      values[this.end++] = value;
      if (this.end - this.start > capacity) this.start = this.end - capacity;
    },
    takeBack(this: { start: number; end: number }, count: number) {
      this.end = Math.max(this.start, this.end - count);
    },
  };
}
