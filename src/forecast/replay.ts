import type { History } from '../history/source.ts';
import { createTimeSlices, type TimeSliceOptions } from '../platform/turns/time-slices.ts';
import type { Forecaster, RowFollower } from './core/index.ts';

type Rows = Pick<History, 'timestamps' | 'values' | 'isCensored'>;

/**
 * Feeds a history to a forecaster row by row, in slices between which the event loop turns. Missing rows are fed as missing
 * data one grid step at a time, because a gap of a month that is learned in one call would block the event loop. An aborted
 * replay rejects with the signal's reason, and the forecaster keeps what it has learned so far. Each of the `followers` gets every
 * row before the forecaster does.
 */
export async function replay(
  forecaster: Pick<Forecaster, 'gridSeconds' | 'newestSeconds' | 'observe' | 'peak'>,
  history: Rows,
  { followers = [], ...options }: TimeSliceOptions & { readonly followers?: Iterable<RowFollower> } = {},
): Promise<void> {
  const slices = createTimeSlices(options);
  const following = [...followers];
  await slices.nextTurn();
  for (const [unixSeconds, value, isCensored] of rowsAndGaps(forecaster, history)) {
    for (const follower of following) follower.follow(unixSeconds, value, forecaster);
    forecaster.observe(unixSeconds, value, isCensored);
    if (slices.isOver()) await slices.nextTurn();
  }
}

function* rowsAndGaps(
  forecaster: Pick<Forecaster, 'gridSeconds' | 'newestSeconds'>,
  { timestamps, values, isCensored }: Rows,
): Generator<readonly [unixSeconds: number, value: number, isCensored: boolean]> {
  const { gridSeconds } = forecaster;
  for (const [index, unixSeconds] of timestamps.entries()) {
    const previous = forecaster.newestSeconds;
    const gapSteps = Number.isFinite(previous) ? Math.ceil((unixSeconds - previous) / gridSeconds) - 1 : 0;
    for (let step = 1; step <= gapSteps; step++) yield [previous + step * gridSeconds, Number.NaN, false];
    yield [unixSeconds, values[index] ?? Number.NaN, isCensored?.[index] === 1];
  }
}
