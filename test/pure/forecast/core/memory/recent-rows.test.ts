import { describe, expect, it } from 'vitest';
import { RecentRows } from '../../../../../src/forecast/core/memory/recent-rows.ts';

describe('the recent rows', () => {
  const rows = new RecentRows(60, 600);
  for (const [t, value] of [
    [60, 9],
    [120, 1],
    [180, 2],
    [240, 7],
  ] as const)
    rows.push(t, value);

  it('have a largest in (from, to]', () => {
    expect(rows.largest(60, 180)).toBe(2);
    expect(rows.largest(0, 240)).toBe(9);
    expect(rows.largest(60, 240)).toBe(7);
  });

  it('have none where fewer than half of the rows are there', () => {
    expect(rows.largest(180, 300)).toBe(7);
    expect(rows.largest(180, 360)).toBeNaN();
  });

  it('have none where a row was cut off at capacity', () => {
    const censored = new RecentRows(60, 600);
    censored.push(60, 5);
    censored.push(120, 8, true);
    expect(censored.largest(0, 60)).toBe(5);
    expect(censored.largest(0, 120)).toBeNaN();
  });

  it('count a single row above what is credible as the higher of the rows beside it', () => {
    const spiked = new RecentRows(60, 600);
    for (const [t, value] of [
      [60, 4],
      [120, 900],
      [180, 6],
    ] as const)
      spiked.push(t, value);
    expect(spiked.largest(0, 180, 50)).toBe(6);
    expect(spiked.largest(0, 180)).toBe(900);
  });
});
