import type { History } from '../../history/source.ts';
import { createTimeSlices, type TimeSliceOptions } from '../../platform/turns/time-slices.ts';
import type { Forecaster, RowFollower } from '../core/index.ts';

export type Rows = Pick<History, 'timestamps' | 'values' | 'isCensored'>;

interface ReplayOptions extends TimeSliceOptions {
  readonly followers?: Iterable<RowFollower>;
  /** Followers are not given rows before this moment (default: they are given all). */
  readonly followedFromSeconds?: number | undefined;
}

/**
 * Feeds a history to a forecaster row by row, in slices between which the event loop turns. Missing rows are fed as missing
 * data one grid step at a time, because a gap of a month that is learned in one call would block the event loop. An aborted
 * replay rejects with the signal's reason, and the forecaster keeps what it has learned so far. Each of the `followers` gets every
 * row from `followedFromSeconds` on before the forecaster does.
 */
export async function replay(
  forecaster: Pick<Forecaster, 'stepSeconds' | 'gridSeconds' | 'newestSeconds' | 'observe' | 'peak'>,
  { timestamps, values, isCensored }: Rows,
  { followers = [], followedFromSeconds = Number.NEGATIVE_INFINITY, ...options }: ReplayOptions = {},
): Promise<void> {
  const slices = createTimeSlices(options);
  const following = [...followers];
  await slices.nextTurn();
  const { gridSeconds } = forecaster;
  // Rows within a step of the grid cost little: a look at the clock after each of them took a twentieth of a replay.
  const rowsOfStep = Math.max(1, Math.floor(gridSeconds / forecaster.stepSeconds));
  let isFollowed = followedFromSeconds === Number.NEGATIVE_INFINITY;
  const learn = (unixSeconds: number, value: number, censored: boolean) => {
    if (isFollowed) for (const follower of following) follower.follow(unixSeconds, value, forecaster);
    else if (unixSeconds >= followedFromSeconds) {
      isFollowed = true;
      // Whatever a follower knows is of before the rows that it was not given.
      for (const follower of following) follower.follow(unixSeconds, Number.NaN, forecaster);
    }
    forecaster.observe(unixSeconds, value, censored);
  };
  // No tuples and no iterators for the rows: half a million of them are garbage of 25 MB in a second, and collecting it blocks.
  for (let index = 0; index < timestamps.length; index++) {
    const unixSeconds = timestamps[index] ?? Number.NaN;
    const previous = forecaster.newestSeconds;
    const gapSteps = Number.isFinite(previous) ? Math.ceil((unixSeconds - previous) / gridSeconds) - 1 : 0;
    for (let step = 1; step <= gapSteps; step++) {
      learn(previous + step * gridSeconds, Number.NaN, false);
      if (slices.isOver()) await slices.nextTurn();
    }
    learn(unixSeconds, values[index] ?? Number.NaN, isCensored?.[index] === 1);
    if (index % rowsOfStep === 0 && slices.isOver()) await slices.nextTurn();
  }
}
