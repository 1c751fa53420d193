import { formatDuration } from '../../src/platform/duration.ts';

/**
 * Horizons, in seconds, that the scaler exports for a predictHorizon of 1, 2, 4, 6, 12 or 24 hours: 1/24, 1/8, 1/4, 1/2 and all
 * of it. A horizon that a workload does not have selects no series.
 */
const exported = [300, 600, 900, 1800, 3600, 5400, 7200, 10_800, 14_400, 21_600, 43_200, 86_400];

/** The horizons as people say them, such as `1h`, by what the label has, such as `3600`. */
export const horizons: ReadonlyMap<string, string> = new Map(
  exported.map((seconds) => [String(seconds), formatDuration(seconds)]),
);

/** Grafana overrides that name lines whose legend is a horizon in seconds, such as `1h ahead`. */
export const namedByHorizon = Object.fromEntries(
  [...horizons].map(([seconds, text]) => [seconds, [{ id: 'displayName', value: `${text} ahead` }]]),
);

/** The ones that reach as far as the dashboard does, two hours ahead, whatever predictHorizon is. */
export const withinBoard = [300, 900, 1800, 3600, 5400, 7200, 10_800];
