/** The histogram covers a tenth of a millisecond to two minutes. A latency outside counts as the nearest limit. */
const lowestMs = 0.1;
const highestMs = 120_000;
/** Ratio of the upper to the lower bound of each bucket. A quantile is therefore wrong by at most 2.5 %. */
const growth = 1.05;
const bucketCount = Math.ceil(Math.log(highestMs / lowestMs) / Math.log(growth));

export interface LatencyHistogram {
  record(latencyMs: number): void;
  /** Adds the counts of another histogram. */
  add(other: LatencyHistogram): void;
  /** The latency, in ms, that a share `q` (0–1) of the requests did not exceed; undefined without requests. */
  quantileMs(q: number): number | undefined;
  readonly counts: Float64Array;
}

/** Counts latencies in a fixed number of logarithmic buckets, so memory does not grow with the number of requests. */
export function createLatencyHistogram(): LatencyHistogram {
  const counts = new Float64Array(bucketCount);
  return {
    counts,
    record(latencyMs) {
      const bucket = Math.floor(Math.log(latencyMs / lowestMs) / Math.log(growth));
      const index = Math.min(bucketCount - 1, Math.max(0, bucket));
      counts[index] = (counts[index] ?? 0) + 1;
    },
    add(other) {
      for (let i = 0; i < bucketCount; i++) counts[i] = (counts[i] ?? 0) + (other.counts[i] ?? 0);
    },
    quantileMs(q) {
      const total = counts.reduce((sum, count) => sum + count, 0);
      if (total === 0) return undefined;
      const rank = Math.max(1, Math.ceil(q * total));
      let seen = 0;
      const bucket = counts.findIndex((count) => {
        seen += count;
        return seen >= rank;
      });
      return lowestMs * growth ** (bucket + 0.5);
    },
  };
}
