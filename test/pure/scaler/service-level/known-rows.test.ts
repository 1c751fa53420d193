import { describe, expect, it } from 'vitest';
import { createKnownRows, rowDelaySeconds } from '../../../../src/scaler/service-level/known-rows.ts';

function rowsOf(rateWindowSeconds: number, rows: readonly (readonly [number, number])[]) {
  const known = createKnownRows({ rateWindowSeconds, scrapeIntervalSeconds: 15 });
  for (const [seconds, value] of rows) known.push(seconds, value);
  return known;
}

describe('demand between rows', () => {
  it('is the value of the row for the minute that the row is about', () => {
    const known = rowsOf(60, [
      [600, 10],
      [660, 20],
    ]);
    expect([615, 630, 645, 660].map((seconds) => known.demandAt(seconds))).toEqual([20, 20, 20, 20]);
    expect(known.demandAt(600)).toBe(10);
  });

  it('lies on a line, minute by minute, where rows are farther apart', () => {
    const known = rowsOf(60, [
      [600, 10],
      [900, 60],
    ]);
    expect([615, 660, 661, 720, 900].map((seconds) => known.demandAt(seconds))).toEqual([20, 20, 30, 30, 60]);
  });

  it('comes before the row that tells it where the query looks back for long', () => {
    const rows = Array.from({ length: 10 }, (_, i) => [i * 60, i] as const);
    expect(rowDelaySeconds({ rateWindowSeconds: 300, scrapeIntervalSeconds: 15 })).toBe(120);
    const known = rowsOf(300, rows);
    expect([375, 420].map((seconds) => known.demandAt(seconds))).toEqual([9, 9]);
    expect(known.observedAt(420)).toBe(6.75);
  });
});

describe('what is observed', () => {
  it('is what the query showed at the newest scrape', () => {
    const known = rowsOf(60, [
      [600, 10],
      [660, 20],
    ]);
    expect([615, 630, 645, 660].map((seconds) => known.observedAt(seconds))).toEqual([10, 12.5, 15, 17.5]);
  });

  it('knows nothing of rows before a gap', () => {
    const known = rowsOf(60, [
      [0, 5],
      [60, 6],
    ]);
    known.clear();
    expect(known.newestSeconds).toBe(Number.NEGATIVE_INFINITY);
    known.push(600, 10);
    expect(known.observedAt(600)).toBe(10);
  });
});
