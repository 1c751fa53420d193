/** The largest (or smallest) value of the last seconds, in constant time and without allocation once it is warm. */
export interface SlidingExtreme {
  /** The extreme of `value` and of what was noted within the window before `nowSeconds`. */
  with(value: number, nowSeconds: number): number;
  /** Notes a value. Times do not fall. */
  note(value: number, nowSeconds: number): void;
  /** Number of values that are kept. */
  readonly size: number;
}

interface Window {
  readonly seconds: number;
  /** Whether a value that is exactly as old as the window still counts. */
  readonly edge: 'counts' | 'is over';
}

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
  const sign = kind === 'largest' ? 1 : -1;
  const times: number[] = [];
  const values: number[] = [];
  let head = 0;

  function drop(nowSeconds: number): void {
    const cutoff = nowSeconds - seconds;
    while (head < times.length && (times[head]! < cutoff || (edge === 'is over' && times[head]! === cutoff)))
      head++;
    if (head < slack) return;
    times.splice(0, head);
    values.splice(0, head);
    head = 0;
  }

  return {
    with(value, nowSeconds) {
      drop(nowSeconds);
      if (head === values.length) return value;
      const front = values[head]!;
      return sign * front > sign * value ? front : value;
    },
    note(value, nowSeconds) {
      drop(nowSeconds);
      while (values.length > head && sign * values.at(-1)! <= sign * value) {
        values.pop();
        times.pop();
      }
      values.push(value);
      times.push(nowSeconds);
    },
    get size() {
      return values.length;
    },
  };
}
