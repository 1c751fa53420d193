/** The newest rows as they came, finer than the grid: what peaks are measured on. */
export interface RecentRows {
  readonly newest: number;
  push(unixSeconds: number, value: number, isCensored?: boolean): void;
  /**
   * Largest row in (from, to]; NaN when it cannot be told: fewer than half of the rows there should be are there, or one of
   * them was cut off at capacity. One row alone above `credible` is an artefact, of a counter that was reset mostly: it
   * counts as the higher of the rows beside it.
   */
  largest(fromSeconds: number, toSeconds: number, credible?: number): number;
}

export function createRecentRows(stepSeconds: number, spanSeconds: number): RecentRows {
  const capacity = Math.ceil(spanSeconds / stepSeconds) + 2;
  const times = new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY);
  // Of a row that was cut off, its value below zero.
  const values = new Float64Array(capacity);
  let next = 0;
  let newest = 0;
  return {
    get newest() {
      return newest;
    },
    push(unixSeconds, value, isCensored = false) {
      times[next] = unixSeconds;
      values[next] = isCensored ? -1 - value : value;
      newest = value;
      next = next + 1 === capacity ? 0 : next + 1;
    },
    largest(fromSeconds, toSeconds, credible = Number.POSITIVE_INFINITY) {
      let largest = 0;
      let later = 0;
      let count = 0;
      for (let back = 1, index = next; back <= capacity; back++) {
        index = index === 0 ? capacity - 1 : index - 1;
        const time = times[index] ?? Number.NEGATIVE_INFINITY;
        if (time <= fromSeconds) break;
        const value = values[index] ?? 0;
        const beside = later;
        later = value;
        if (time > toSeconds) continue;
        if (value < 0) return Number.NaN;
        count++;
        if (value <= largest) continue;
        const earlier = values[index === 0 ? capacity - 1 : index - 1] ?? 0;
        largest = value > credible ? Math.max(largest, Math.min(value, Math.max(earlier, beside))) : value;
      }
      return count * 2 * stepSeconds >= toSeconds - fromSeconds ? largest : Number.NaN;
    },
  };
}
