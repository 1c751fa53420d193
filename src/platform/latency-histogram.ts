/** From a tenth of a millisecond to two minutes; what is outside counts as the nearest end. */
const lowestMs = 0.1;
const highestMs = 120_000;
/** Width of a bucket, upper bound over lower: a quantile is off by at most 2.5 %. */
const growth = 1.05;
const bucketCount = Math.ceil(Math.log(highestMs / lowestMs) / Math.log(growth));

export interface LatencyHistogram {
  record(latencyMs: number): void;
  /** Adds what another one has counted. */
  add(other: LatencyHistogram): void;
  /** The latency a share `q` (0–1) of the requests stayed within, in ms; undefined while there are none. */
  quantileMs(q: number): number | undefined;
  readonly counts: Float64Array;
}

/** Latencies in a fixed number of logarithmic buckets: memory stays the same however many are recorded. */
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
