import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../../src/what-if/outcome/tally.ts';
import { createTuning } from '../../../../src/what-if/outcome/tuning.ts';

/** What was played so far: hours, share of short time and replica-hours of each setting. */
const played = (hours: number, ...settings: readonly (readonly [shortShare: number, cost: number])[]) => [
  settings.map(([shortTimeShare, replicaHours]) => ({
    outcomes: [{ hours, shortTimeShare, replicaHours } as Outcome],
    timeline: undefined,
  })),
];

function tuningOf(mayStop = true) {
  let results = played(0, [Number.NaN, 0], [Number.NaN, 0], [Number.NaN, 0]);
  const kept: (readonly number[])[] = [];
  const tuning = createTuning({
    simulation: { results: () => results, keep: (_, places) => kept.push([...places].sort()) },
    contests: [{ usualPlace: 1, places: [0, 1, 2], isTuned: true, mayStop }],
    allowedShortShare: 0.01,
    hours: 100,
  });
  return {
    kept,
    tuning,
    until: (...now: Parameters<typeof played>) => {
      results = played(...now);
    },
  };
}

describe('tuning', () => {
  it('stops a setting once it has been short for all of the time that it may be, though its tuning has just begun', () => {
    const { tuning, kept, until } = tuningOf();
    tuning.stopShort();
    until(25, [0.039, 1], [0.02, 2], [0, 3]);
    tuning.stopShort();
    until(25, [0.041, 1], [0.02, 2], [0, 3]);
    tuning.stopShort();
    expect(kept).toEqual([
      [0, 1, 2],
      [0, 1, 2],
      [1, 2],
    ]);
    until(100, [0.041, 1], [0.009, 2], [0, 3]);
    expect(tuning.choose()).toEqual([1]);
    expect(kept.at(-1)).toEqual([1]);
  });

  it('plays the setting on that users get, and of settings that are all too short the one that is short least', () => {
    const { tuning, kept, until } = tuningOf();
    until(50, [0.08, 1], [0.06, 2], [0.03, 3]);
    tuning.stopShort();
    expect(kept).toEqual([[1, 2]]);
    // The stopped setting looks better than it was, because it was not played to the end.
    until(100, [0.01, 1], [0.06, 2], [0.03, 3]);
    expect(tuning.choose()).toEqual([2]);
  });

  it('stops nothing where every setting is wanted to the end', () => {
    const { tuning, kept, until } = tuningOf(false);
    until(50, [0.08, 1], [0.06, 2], [0, 3]);
    tuning.stopShort();
    until(100, [0.08, 1], [0.06, 2], [0.001, 3]);
    expect(tuning.choose()).toEqual([2]);
    expect(kept).toEqual([]);
  });
});
