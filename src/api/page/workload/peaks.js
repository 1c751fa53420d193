/** Probability that demand is below the forecast at each moment; the same as the list of workloads takes for its next peak. */
export const peakQuantile = '0.9';
/** Peaks that are nearer to each other than this are one, seconds. */
const apartSeconds = 3 * 3600;
/** What is lower than this share of the highest is no peak. */
const leastShare = 0.5;

/**
 * The highest points of a forecast, in order of time, with the replicas that each needs. The highest of all is among them.
 * @param {readonly { t: number, median: number, quantiles: Record<string, number> }[]} points
 * @param {{ threshold: number, maxReplicas: number | null, nowSeconds: number, most?: number }} options
 */
export function nextPeaks(points, { threshold, maxReplicas, nowSeconds, most = 3 }) {
  const bound = (point) => point?.quantiles[peakQuantile] ?? Number.NEGATIVE_INFINITY;
  const ahead = points.filter(({ t }) => t > nowSeconds);
  const byHeight = (a, b) => bound(b) - bound(a) || a.t - b.t;
  const [highest] = [...ahead].sort(byHeight);
  const isSummit = (point, index) =>
    bound(point) >= leastShare * bound(highest) &&
    bound(point) >= bound(ahead[index - 1]) &&
    bound(point) > bound(ahead[index + 1]);
  const summits = ahead.filter((point, index) => point === highest || isSummit(point, index)).sort(byHeight);
  const chosen = [];
  for (const point of summits) {
    if (chosen.length === most) break;
    if (chosen.every(({ t }) => Math.abs(t - point.t) >= apartSeconds)) chosen.push(point);
  }
  return chosen
    .sort((a, b) => a.t - b.t)
    .map((point) => {
      const replicas = Math.ceil(bound(point) / threshold);
      return {
        t: point.t,
        expected: point.median,
        bound: bound(point),
        replicas,
        isAboveMax: maxReplicas !== null && replicas > maxReplicas,
      };
    });
}

/** The peak that needs most replicas; the first of equal ones. */
export function highestPeak(peaks) {
  return peaks.reduce(
    (highest, peak) => (highest && highest.bound >= peak.bound ? highest : peak),
    undefined,
  );
}
