import type { Stateful } from './state-copier.ts';

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

/**
 * A monotonic queue: a value that a newer one reaches can never be the extreme again and is dropped, so that the extreme stands
 * in front.
 */
export function createSlidingExtreme(
  kind: 'largest' | 'smallest',
  { seconds, edge }: Window,
): SlidingExtreme {
  // A window of no length that leaves its edge out knows only the newest value.
  if (seconds === 0 && edge === 'is over') return newestOnly;
  const sign = kind === 'largest' ? 1 : -1;
  const countsAtEdge = edge === 'counts';
  const times: number[] = [];
  const values: number[] = [];
  let head = 0;

  function drop(cutoffSeconds: number): void {
    while (head < times.length) {
      const at = times[head]!;
      if (at > cutoffSeconds || (at === cutoffSeconds && countsAtEdge)) break;
      head++;
    }
    if (head < slack) return;
    times.splice(0, head);
    values.splice(0, head);
    head = 0;
  }

  return {
    note(value, nowSeconds) {
      drop(nowSeconds - seconds);
      const signed = sign * value;
      while (values.length > head && sign * values[values.length - 1]! <= signed) {
        values.pop();
        times.pop();
      }
      values.push(value);
      times.push(nowSeconds);
      return values[head]!;
    },
    with(value, nowSeconds) {
      drop(nowSeconds - seconds);
      if (head === values.length) return value;
      const front = values[head]!;
      return sign * front > sign * value ? front : value;
    },
    get size() {
      return values.length;
    },
    copyState(copier) {
      copier.list(times);
      copier.list(values);
      head = copier.number(head);
    },
  };
}
