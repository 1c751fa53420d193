/** The newest rows as they came, finer than the grid: what peaks are measured on. */
export interface RecentRows {
  readonly newest: number;
  push(unixSeconds: number, value: number): void;
  /** Largest row in (from, to]; NaN when fewer than half of the rows there should be are there. */
  largest(fromSeconds: number, toSeconds: number): number;
}

export function createRecentRows(stepSeconds: number, spanSeconds: number): RecentRows {
  const capacity = Math.ceil(spanSeconds / stepSeconds) + 2;
  const times = new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY);
  const values = new Float64Array(capacity);
  let next = 0;
  let newest = 0;
  return {
    get newest() {
      return newest;
    },
    push(unixSeconds, value) {
      times[next] = unixSeconds;
      values[next] = value;
      newest = value;
      next = (next + 1) % capacity;
    },
    largest(fromSeconds, toSeconds) {
      let largest = 0;
      let count = 0;
      for (let back = 1; back <= capacity; back++) {
        const index = (next - back + capacity) % capacity;
        const time = times[index] ?? Number.NEGATIVE_INFINITY;
        if (time <= fromSeconds) break;
        if (time > toSeconds) continue;
        count++;
        largest = Math.max(largest, values[index] ?? 0);
      }
      return count * 2 * stepSeconds >= toSeconds - fromSeconds ? largest : Number.NaN;
    },
  };
}
