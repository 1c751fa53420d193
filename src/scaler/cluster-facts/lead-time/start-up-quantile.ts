import { lastChange } from './last-change.ts';
import { typical } from './typical.ts';

/** What is known of many starts is carried over to few slower ones up to this ratio of the slowest of them. */
const mostOverSlowest = 1.1;

/**
 * The duration within which `share` of the starts are ready. `durations` are above 0, in order of time, and there is at least one.
 * Since starts became slower there are few of them, so the ones before count too, as much slower as is typical: they know the shape of
 * the distribution, and the new ones the speed.
 */
export function startUpQuantile(durations: readonly number[], share: number): number {
  const change = lastChange(durations);
  const since = durations.slice(change);
  const before = durations.slice(0, change);
  const ratio = before.length === 0 ? 1 : typical(since) / typical(before);
  const most = Math.max(...since) * mostOverSlowest;
  const carriedOver = before.map((duration) =>
    ratio > 1 ? Math.max(duration, Math.min(most, duration * ratio)) : duration * ratio,
  );
  return quantile([...since, ...carriedOver], share);
}

/** The quantile by Hazen's rule, which is the median for a half however few values there are. */
function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  const position = Math.min(Math.max(0, sorted.length * share - 0.5), sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? below;
  return below + (position - Math.floor(position)) * (above - below);
}
