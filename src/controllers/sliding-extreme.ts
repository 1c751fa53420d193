import { copyPairs } from './number-pairs.ts';
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

/**
 * Entries at the front that are used up are cut off in one go once there are this many. A server keeps four queues for each workload, and
 * what is used up in them.
 */
const slack = 8;

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
  /** Of each entry its time and its value. */
  readonly #pairs: number[] = [];
  /** Entries at the front that are used up. */
  #head = 0;

  constructor(sign: 1 | -1, window: Window) {
    this.#sign = sign;
    this.#windowSeconds = window.seconds;
    this.#countsAtEdge = window.edge === 'counts';
  }

  get size(): number {
    return this.#pairs.length / 2;
  }

  copyState(copier: StateCopier): void {
    copyPairs(copier, this.#pairs);
    this.#head = copier.number(this.#head);
  }

  note(value: number, nowSeconds: number): number {
    this.#dropOld(nowSeconds);
    const pairs = this.#pairs;
    const sign = this.#sign;
    const first = 2 * this.#head;
    while (pairs.length > first && sign * pairs[pairs.length - 1]! <= sign * value) {
      pairs.pop();
      pairs.pop();
    }
    pairs.push(nowSeconds, value);
    return pairs[first + 1]!;
  }

  with(value: number, nowSeconds: number): number {
    this.#dropOld(nowSeconds);
    if (2 * this.#head === this.#pairs.length) return value;
    const front = this.#pairs[2 * this.#head + 1]!;
    return this.#sign * front > this.#sign * value ? front : value;
  }

  #dropOld(nowSeconds: number): void {
    const pairs = this.#pairs;
    const cutoffSeconds = nowSeconds - this.#windowSeconds;
    while (2 * this.#head < pairs.length) {
      const at = pairs[2 * this.#head]!;
      if (at > cutoffSeconds || (at === cutoffSeconds && this.#countsAtEdge)) break;
      this.#head++;
    }
    if (this.#head < slack) return;
    pairs.splice(0, 2 * this.#head);
    this.#head = 0;
  }
}
