import type { History } from '../../history/source.ts';
import { formatDuration } from '../../platform/duration.ts';
import { ForescaleError } from '../../platform/errors.ts';

/** Forescale learns for two seasons, which is the first half of what is replayed at least. */
const fewestSeasons = 4;
/** Rows that are farther apart say little about a start-up of minutes. */
const coarseSeconds = 600;

/**
 * The rows of the newest `rangeSeconds`, which a what-if replays. Throws `no-data` where there is none with a value, and
 * `too-little-history` where they cover less than four seasons.
 */
export function rowsToReplay(history: History, rangeSeconds: number, seasonSeconds = 86_400): History {
  const { timestamps } = history;
  if (timestamps.length === 0)
    throw new ForescaleError('no-data', 'the history has no row with a value: there is nothing to replay');
  const newest = newestRows(history, rangeSeconds);
  const span = (newest.timestamps.at(-1) ?? 0) - (newest.timestamps[0] ?? 0);
  const needed = fewestSeasons * seasonSeconds;
  // The first row stands for the step before it, too.
  if (span >= 0.99 * needed) return newest;
  throw new ForescaleError(
    'too-little-history',
    `no what-if yet: the history covers ${formatDuration(span)}, and ${formatDuration(needed)} are needed: Forescale learns in the first half, and the second is judged; read more with a longer range, or wait`,
  );
}

function newestRows(history: History, rangeSeconds: number): History {
  const { timestamps, values } = history;
  const last = timestamps.at(-1) ?? Number.NaN;
  const first = timestamps.findIndex((seconds) => seconds > last - rangeSeconds);
  if (first <= 0) return history;
  return { ...history, timestamps: timestamps.slice(first), values: values.slice(first) };
}

/** What a user should know about such rows. */
export function rowWarnings({ stepSeconds }: History): readonly string[] {
  if (stepSeconds <= coarseSeconds) return [];
  return [`rows ${formatDuration(stepSeconds)} apart say little about a start-up of minutes`];
}
