import type { StateCopier, Stateful } from './state-copier.ts';

/** The largest (or smallest) value of the last seconds, in constant time and without allocation once it is warm. */
export interface SlidingExtreme extends Stateful {
  /** Notes a value and returns the extreme of it and of what was noted within the window before. Times do not fall. */
  note(value: number, nowSeconds: number): number;
  /** The extreme of `value` and of what was noted within the window before; changes nothing that is noted. */
  with(value: number, nowSeconds: number): number;
  /** Number of values that are kept. */
  readonly size: number;
}

interface Window {
  readonly seconds: number;
  /** Whether a value that is exactly as old as the window still counts. */
  readonly edge: 'counts' | 'is over';
}

const newestOnly: SlidingExtreme = {
  note: (value) => value,
  with: (value) => value,
  size: 0,
  copyState() {},
};

/** Entries at the front that are used up are cut off in one go once there are this many. */
const slack = 64;

export function createSlidingExtreme(kind: 'largest' | 'smallest', window: Window): SlidingExtreme {
  // A window of no length that leaves its edge out knows only the newest value.
  if (window.seconds === 0 && window.edge === 'is over') return newestOnly;
  return new MonotonicQueue(kind === 'largest' ? 1 : -1, window);
}

/**
 * A monotonic queue: a value that a newer one reaches can never be the extreme again and is dropped, so that the extreme stands
 * in front. A class, as StartingFleet is.
 */
class MonotonicQueue implements SlidingExtreme {
  /** 1 = the largest value is the extreme, −1 = the smallest is. */
  readonly #sign: 1 | -1;
  readonly #windowSeconds: number;
  readonly #countsAtEdge: boolean;
  readonly #times: number[] = [];
  readonly #values: number[] = [];
  #head = 0;

  constructor(sign: 1 | -1, window: Window) {
    this.#sign = sign;
    this.#windowSeconds = window.seconds;
    this.#countsAtEdge = window.edge === 'counts';
  }

  get size(): number {
    return this.#values.length;
  }

  copyState(copier: StateCopier): void {
    copier.list(this.#times);
    copier.list(this.#values);
    this.#head = copier.number(this.#head);
  }

  note(value: number, nowSeconds: number): number {
    this.#dropOld(nowSeconds);
    const times = this.#times;
    const values = this.#values;
    const sign = this.#sign;
    while (values.length > this.#head && sign * values[values.length - 1]! <= sign * value) {
      values.pop();
      times.pop();
    }
    values.push(value);
    times.push(nowSeconds);
    return values[this.#head]!;
  }

  with(value: number, nowSeconds: number): number {
    this.#dropOld(nowSeconds);
    if (this.#head === this.#values.length) return value;
    const front = this.#values[this.#head]!;
    return this.#sign * front > this.#sign * value ? front : value;
  }

  #dropOld(nowSeconds: number): void {
    const times = this.#times;
    const cutoffSeconds = nowSeconds - this.#windowSeconds;
    while (this.#head < times.length) {
      const at = times[this.#head]!;
      if (at > cutoffSeconds || (at === cutoffSeconds && this.#countsAtEdge)) break;
      this.#head++;
    }
    if (this.#head < slack) return;
    times.splice(0, this.#head);
    this.#values.splice(0, this.#head);
    this.#head = 0;
  }
}
