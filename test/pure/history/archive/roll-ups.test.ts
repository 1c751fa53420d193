import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merged } from '../../../../src/history/archive/roll-ups/merge.ts';
import { createRollUps, type RollUp } from '../../../../src/history/archive/roll-ups/roll-up.ts';
import { decodeRollUps, encodeRollUps } from '../../../../src/history/archive/roll-ups/roll-up-chunk.ts';
import { rowsOf } from '../../../../src/history/archive/roll-ups/rows-of.ts';
import { madeRollUps } from './made-demand.ts';

const startSeconds = 1_767_690_000;
const rows = (pairs: readonly (readonly [number, number])[]) => ({
  timestamps: Float64Array.from(pairs, ([at]) => startSeconds + at),
  values: Float64Array.from(pairs, ([, value]) => value),
});

describe('roll-ups of rows', () => {
  it('have the mean, the peak and the number of the rows up to their moment', () => {
    const closed = createRollUps(60).add(
      rows([60, 120, 180, 240, 300, 360].map((at) => [at, at])),
      startSeconds,
      startSeconds + 360,
    );
    expect(closed).toEqual([
      { atSeconds: startSeconds + 300, mean: 180, peak: 300, rows: 5, isCensored: false },
    ]);
  });

  it('are the same however the rows come in parts', () => {
    const all = rows(Array.from({ length: 40 }, (_, index) => [60 * (index + 1), index * index]));
    const whole = createRollUps(60).add(all, startSeconds, startSeconds + 2_400);
    const parted = createRollUps(60);
    const parts: RollUp[] = [];
    for (let from = 0; from < 2_400; from += 420) {
      const inPart = (at: number) => at > startSeconds + from && at <= startSeconds + from + 420;
      const timestamps = all.timestamps.filter(inPart);
      const values = all.values.filter((_, index) => inPart(all.timestamps[index] ?? 0));
      parts.push(...parted.add({ timestamps, values }, startSeconds + from, startSeconds + from + 420));
    }
    expect(parts).toEqual(whole);
    expect(whole).toHaveLength(8);
  });

  it('leave out one that began before the rows, and one after rows that nobody asked for', () => {
    const rollUps = createRollUps(60);
    const first = rollUps.add(
      rows([180, 240, 300, 360, 420, 480, 540, 600].map((at) => [at, 1])),
      startSeconds + 120,
      startSeconds + 600,
    );
    expect(first.map(({ atSeconds }) => atSeconds - startSeconds)).toEqual([600]);
    const later = rollUps.add(
      rows([840, 900, 960, 1_020, 1_080, 1_140, 1_200].map((at) => [at, 1])),
      startSeconds + 780,
      startSeconds + 1_200,
    );
    expect(later.map(({ atSeconds }) => atSeconds - startSeconds)).toEqual([1_200]);
  });

  it('leave out what is no demand, and say where demand was cut off', () => {
    const given = rows([
      [60, Number.NaN],
      [120, -1],
      [180, 4],
      [240, Number.POSITIVE_INFINITY],
      [300, 8],
    ]);
    const isCensored = Uint8Array.from([0, 0, 1, 0, 0]);
    expect(createRollUps(60).add({ ...given, isCensored }, startSeconds, startSeconds + 300)).toEqual([
      { atSeconds: startSeconds + 300, mean: 6, peak: 8, rows: 2, isCensored: true },
    ]);
  });

  it('are the rows themselves where these are hours apart, at their own phase', () => {
    const given = rows([
      [1_817, 5],
      [5_417, 7],
    ]);
    const closed = createRollUps(3_600).add(given, startSeconds, startSeconds + 7_200);
    expect(closed.map(({ atSeconds, mean }) => [atSeconds - startSeconds, mean])).toEqual([
      [1_817, 5],
      [5_417, 7],
    ]);
  });
});

describe('rows of roll-ups', () => {
  it('have the mean and the peak of each, at the step of the source', () => {
    const [rollUp] = madeRollUps(1, startSeconds);
    const made = rowsOf(rollUp === undefined ? [] : [rollUp], 60);
    const values = [...made.values];
    expect([...made.timestamps].map((at) => at - startSeconds)).toEqual([-240, -180, -120, -60, 0]);
    expect(values.reduce((sum, value) => sum + value, 0) / 5).toBeCloseTo(rollUp?.mean ?? 0, 9);
    expect(Math.max(...values)).toBe(rollUp?.peak);
  });

  it('are never below zero, whatever a peak was rounded to', () => {
    const made = rowsOf([{ atSeconds: startSeconds, mean: 2, peak: 10.1, rows: 5, isCensored: false }], 60);
    expect([...made.values]).toEqual([0, 0, 0, 0, 10]);
  });

  it('give the same roll-ups again', () => {
    const given = madeRollUps(50, startSeconds);
    const made = rowsOf(given, 60);
    const again = createRollUps(60).add(made, startSeconds - 300, startSeconds + 49 * 300);
    expect(again).toHaveLength(50);
    for (const [index, { atSeconds, mean, peak }] of again.entries()) {
      expect(atSeconds).toBe(given[index]?.atSeconds);
      expect(mean).toBeCloseTo(given[index]?.mean ?? 0, 9);
      expect(peak).toBe(given[index]?.peak);
    }
  });
});

describe('a chunk of roll-ups', () => {
  const anyRollUps = fc
    .array(
      fc.record({
        gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100_000 })),
        mean: fc.oneof(fc.constant(0), fc.double({ min: 1e-8, max: 1e30, noNaN: true })),
        ratio: fc.double({ min: 1, max: 200, noNaN: true }),
        rows: fc.integer({ min: 1, max: 300 }),
        isCensored: fc.boolean(),
      }),
      { minLength: 1, maxLength: 60 },
    )
    .map((made) => {
      let atSeconds = startSeconds;
      return made.map(({ gap, mean, ratio, rows: count, isCensored }): RollUp => {
        atSeconds += 300 + gap;
        return { atSeconds, mean, peak: mean * ratio, rows: count, isCensored };
      });
    });

  it('keeps times, counts and marks as they are, means to 0.009 %, and peaks never too low', () => {
    fc.assert(
      fc.property(anyRollUps, (given) => {
        const kept = decodeRollUps(encodeRollUps(given, 300));
        expect(kept).toHaveLength(given.length);
        for (const [index, one] of kept.entries()) {
          const was = given[index];
          if (was === undefined) throw new Error('one too many');
          expect([one.atSeconds, one.rows, one.isCensored]).toEqual([
            was.atSeconds,
            was.rows,
            was.isCensored,
          ]);
          expect(Math.abs(one.mean - was.mean)).toBeLessThanOrEqual(0.00009 * was.mean);
          expect(one.peak).toBeGreaterThanOrEqual(was.peak * (1 - 1e-7));
          expect(one.peak).toBeLessThanOrEqual(was.peak * 1.0112);
        }
        // What was read is kept again without another loss.
        expect(decodeRollUps(encodeRollUps(kept, 300))).toEqual(kept);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('is empty where a bit of it has changed', () => {
    const bytes = encodeRollUps(madeRollUps(100, startSeconds), 300);
    for (let at = 0; at < bytes.length; at += 7) {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 16;
      expect(decodeRollUps(damaged), `byte ${at}`).toEqual([]);
    }
    expect(decodeRollUps(bytes.subarray(0, 60))).toEqual([]);
    expect(decodeRollUps(new Uint8Array())).toEqual([]);
  });

  it('takes a quarter of a mebibyte for 13 months of five minutes', () => {
    const given = madeRollUps(113_880, startSeconds);
    let bytes = 0;
    for (let from = 0; from < given.length; from += 1_024) {
      bytes += encodeRollUps(given.slice(from, from + 1_024), 300).length;
    }
    expect(bytes).toBeGreaterThan(150_000);
    expect(bytes).toBeLessThan(320_000);
  });
});

describe('roll-ups of two', () => {
  it('are in order, each moment once, and made of most rows', () => {
    const one = madeRollUps(6, startSeconds);
    const few = one.map((rollUp) => ({ ...rollUp, rows: 3, mean: 1 }));
    const before = madeRollUps(2, startSeconds - 600);
    expect(merged(few.slice(0, 4), [...before, ...one.slice(2)])).toEqual([
      ...before,
      ...few.slice(0, 2),
      ...one.slice(2),
    ]);
    expect(merged(one, few)).toEqual(one);
  });
});
