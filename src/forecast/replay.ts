import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Forecaster } from './core/contract.ts';
import type { History } from './history/source.ts';

export interface ReplayOptions {
  /** The event loop is held at most about this long at a time, milliseconds (default 10; promised: below 25). */
  readonly sliceMs?: number;
  /** A monotonic clock, milliseconds. */
  readonly nowMs?: () => number;
  /** Aborting rejects with the signal's reason; the forecaster keeps what it has learned so far. */
  readonly signal?: AbortSignal;
}

/**
 * Feeds a history to a forecaster, row by row, and lets the event loop turn between slices. Missing rows are walked
 * through as missing data one grid step at a time, because a month of outage learned in one call is as long as any.
 */
export async function replay(
  forecaster: Pick<Forecaster, 'gridSeconds' | 'newestSeconds' | 'observe'>,
  history: Pick<History, 'timestamps' | 'values'>,
  options: ReplayOptions = {},
): Promise<void> {
  const { sliceMs = 10, nowMs = () => performance.now(), signal } = options;
  let sliceEndsMs = nowMs() + sliceMs;
  for (const [unixSeconds, value] of rowsAndGaps(forecaster, history)) {
    forecaster.observe(unixSeconds, value);
    if (nowMs() < sliceEndsMs) continue;
    await nextTurn();
    signal?.throwIfAborted();
    sliceEndsMs = nowMs() + sliceMs;
  }
}

function* rowsAndGaps(
  forecaster: Pick<Forecaster, 'gridSeconds' | 'newestSeconds'>,
  { timestamps, values }: Pick<History, 'timestamps' | 'values'>,
): Generator<readonly [number, number]> {
  const { gridSeconds } = forecaster;
  for (const [index, unixSeconds] of timestamps.entries()) {
    const previous = forecaster.newestSeconds;
    const gapSteps = Number.isFinite(previous) ? Math.ceil((unixSeconds - previous) / gridSeconds) - 1 : 0;
    for (let step = 1; step <= gapSteps; step++) yield [previous + step * gridSeconds, Number.NaN];
    yield [unixSeconds, values[index] ?? Number.NaN];
  }
}
