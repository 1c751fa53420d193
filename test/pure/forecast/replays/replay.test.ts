import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createForecaster } from '../../../../src/forecast/core/index.ts';
import { replay } from '../../../../src/forecast/replays/replay.ts';

const stepSeconds = 300;
const days = 2;

function rows(keep: (index: number) => boolean = () => true) {
  const all = Array.from({ length: days * 288 }, (_, index) => index).filter(keep);
  return {
    timestamps: Float64Array.from(all, (index) => 1_767_312_000 + index * stepSeconds),
    values: Float64Array.from(all, (index) => 100 + 50 * Math.sin((2 * Math.PI * index) / 288)),
  };
}

/** How often the event loop turns until the promise settles. */
async function turnsDuring(promise: Promise<void>): Promise<number> {
  let turns = 0;
  let settled = false;
  const done = promise.finally(() => {
    settled = true;
  });
  while (!settled) {
    await nextTurn();
    turns += 1;
  }
  await done;
  return turns;
}

/** A clock that says every reading took `stepMs`. */
function steadyClock(stepMs: number) {
  let now = 0;
  return () => {
    now += stepMs;
    return now;
  };
}

describe('replay', () => {
  it('has the same effect as observing row by row', async () => {
    const replayed = createForecaster({ stepSeconds });
    const observed = createForecaster({ stepSeconds });
    const history = rows();
    await replay(replayed, history);
    for (const [index, t] of history.timestamps.entries()) observed.observe(t, history.values[index] ?? NaN);
    expect(replayed.forecast({ horizonSteps: 12 })).toEqual(observed.forecast({ horizonSteps: 12 }));
    expect(replayed.newestSeconds).toBe(history.timestamps.at(-1));
  });

  it('feeds a gap as missing rows', async () => {
    const replayed = createForecaster({ stepSeconds });
    const observed = createForecaster({ stepSeconds });
    const history = rows((index) => index < 300 || index >= 380);
    await replay(replayed, history);
    for (const [index, t] of history.timestamps.entries()) observed.observe(t, history.values[index] ?? NaN);
    expect(replayed.history(0, Number.MAX_SAFE_INTEGER)).toEqual(
      observed.history(0, Number.MAX_SAFE_INTEGER),
    );
    expect(replayed.forecast({ horizonSteps: 12 })).toEqual(observed.forecast({ horizonSteps: 12 }));
  });

  it('gives followers the rows from a moment on, after a missing one, and the forecaster all', async () => {
    const forecaster = createForecaster({ stepSeconds });
    const { timestamps, values } = rows();
    const followed: (readonly [number, number])[] = [];
    const follower = {
      follow: (...row: readonly [number, number, ...unknown[]]) => void followed.push([row[0], row[1]]),
    };
    const followedFromSeconds = (timestamps[100] ?? 0) - 1;
    await replay(forecaster, { timestamps, values }, { followers: [follower], followedFromSeconds });
    expect(followed).toHaveLength(timestamps.length - 100);
    expect(followed.slice(0, 2)).toEqual([
      [timestamps[100], Number.NaN],
      [timestamps[101], values[101]],
    ]);
    expect(forecaster.history(0, Number.MAX_SAFE_INTEGER).values.length).toBeGreaterThan(500);
  });

  it('hands on which rows were cut off at capacity', async () => {
    const told: unknown[] = [];
    const forecaster = createForecaster({ stepSeconds });
    const observe = (t: number, value: number, isCensored?: boolean) => {
      told.push([value, isCensored]);
      return forecaster.observe(t, value, isCensored);
    };
    const listening = {
      stepSeconds,
      gridSeconds: stepSeconds,
      observe,
      peak: forecaster.peak,
      get newestSeconds() {
        return forecaster.newestSeconds;
      },
    };
    const timestamps = Float64Array.of(300, 600, 1200);
    await replay(listening, {
      timestamps,
      values: Float64Array.of(1, 2, 4),
      isCensored: Uint8Array.of(0, 1, 0),
    });
    expect(told).toEqual([
      [1, false],
      [2, true],
      [Number.NaN, false],
      [4, false],
    ]);
  });

  it('lets the event loop turn as often as its slices say', async () => {
    const history = rows();
    const slow = replay(createForecaster({ stepSeconds }), history, { sliceMs: 10, nowMs: steadyClock(5) });
    // Two rows fill a slice of 10 ms when each takes 5; three readings of the clock go with them.
    expect(await turnsDuring(slow)).toBeGreaterThanOrEqual(history.timestamps.length / 2);
    const fast = replay(createForecaster({ stepSeconds }), history, { sliceMs: 10, nowMs: steadyClock(0) });
    expect(await turnsDuring(fast)).toBeLessThanOrEqual(2);
  });

  it('walks a long gap in slices too', async () => {
    const two = {
      timestamps: Float64Array.of(1_767_312_000, 1_767_312_000 + 1000 * stepSeconds),
      values: Float64Array.of(1, 2),
    };
    const replayed = replay(createForecaster({ stepSeconds }), two, { sliceMs: 10, nowMs: steadyClock(5) });
    expect(await turnsDuring(replayed)).toBeGreaterThanOrEqual(500);
  });

  it('stops between slices when it is told to, with the reason given', async () => {
    const stop = new AbortController();
    const forecaster = createForecaster({ stepSeconds });
    const history = rows();
    const replayed = replay(forecaster, history, { signal: stop.signal, nowMs: steadyClock(10) });
    stop.abort(new Error('enough'));
    await expect(replayed).rejects.toThrow('enough');
    expect(forecaster.newestSeconds).toBeLessThan(history.timestamps.at(-1) ?? 0);
  });
});
