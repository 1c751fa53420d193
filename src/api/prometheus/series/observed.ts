import { firstFrom } from './first-from.ts';
import { lookbackMs, roundingSeconds, type ServedMetric, type Subject } from './subject.ts';

/**
 * Demand observed: up to the newest step of the model's grid the mean over the step that the moment lies in, as the history route
 * tells it; after that the newest instant value, until it is stale.
 */
export const observedMetric: ServedMetric = {
  help: 'Demand observed, in the unit of the query: means over the steps of the model, and the newest value.',
  known: ({ workload: { model } }) =>
    model.observed() !== undefined || Number.isFinite(model.newestSeconds()) ? [[]] : [],
  lines: (subject) => [{ labels: [], valueAt: observedAt(subject) }],
};

function observedAt({ workload: { model }, span }: Subject): (atMs: number) => number {
  const { gridSeconds } = model;
  const { timestamps, values } = model.history(
    span.fromMs / 1000 - gridSeconds,
    span.toMs / 1000 + gridSeconds,
  );
  const newest = model.observed();
  const lastGridMs = (timestamps.at(-1) ?? Number.NEGATIVE_INFINITY) * 1000;
  return (atMs) => {
    const atSeconds = atMs / 1000 - roundingSeconds;
    const index = firstFrom(atSeconds, timestamps.length, (at) => timestamps[at] ?? Number.NaN);
    const end = timestamps[index];
    // The step (end − grid, end] holds the moment, unless it is missing and this is a later one.
    if (end !== undefined && end - gridSeconds < atSeconds) return values[index] ?? Number.NaN;
    const isNewest =
      newest !== undefined && atMs > lastGridMs && Math.abs(atMs - newest.atSeconds * 1000) < lookbackMs;
    return isNewest ? newest.value : Number.NaN;
  };
}
