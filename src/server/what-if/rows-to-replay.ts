import type { History } from '../../history/source.ts';
import { formatDuration } from '../../platform/duration.ts';
import { ForescaleError } from '../../platform/errors.ts';
import type { Scenario } from '../../what-if/index.ts';

/** Forescale learns for two seasons, which is the first half of what is replayed at least. */
const fewestSeasons = 4;
/** Rows that are farther apart say little about a start-up of minutes. */
const coarseSeconds = 600;
/** A share of the time above which too few replicas are worth a warning. */
const noticeableShare = 0.01;

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

const percent = (share: number) => `${Number((100 * share).toPrecision(2))}%`;

/** What a user should know about such rows, where replicas are bounded as the scenario says. */
export function rowWarnings(
  { stepSeconds, values }: History,
  { capacity, maxReplicas }: Pick<Scenario, 'capacity' | 'maxReplicas'>,
): readonly string[] {
  const known = values.filter((value) => !Number.isNaN(value));
  const beyond = known.filter((value) => value > maxReplicas * capacity).length / known.length;
  return [
    ...(stepSeconds <= coarseSeconds
      ? []
      : [`rows ${formatDuration(stepSeconds)} apart say little about a start-up of minutes`]),
    ...(beyond <= noticeableShare
      ? []
      : [
          `for ${percent(beyond)} of the time demand is above ${maxReplicas * capacity}, the most that replicas may carry (${maxReplicas} of ${capacity} each), and nothing can serve it; is the target in the unit of the rows?`,
        ]),
  ];
}
