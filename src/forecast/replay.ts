import type { History } from '../history/source.ts';
import { createTimeSlices, type TimeSliceOptions } from '../platform/time-slices.ts';
import type { Forecaster } from './core/index.ts';

type Rows = Pick<History, 'timestamps' | 'values' | 'isCensored'>;

/**
 * Feeds a history to a forecaster, row by row, and lets the event loop turn between slices. Missing rows are walked
 * through as missing data one grid step at a time, because a month of outage learned in one call is as long as any.
 * Aborted, it rejects with the signal's reason, and the forecaster keeps what it has learned so far.
 */
export async function replay(
  forecaster: Pick<Forecaster, 'gridSeconds' | 'newestSeconds' | 'observe'>,
  history: Rows,
  options: TimeSliceOptions = {},
): Promise<void> {
  const slices = createTimeSlices(options);
  await slices.nextTurn();
  for (const [unixSeconds, value, isCensored] of rowsAndGaps(forecaster, history)) {
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
