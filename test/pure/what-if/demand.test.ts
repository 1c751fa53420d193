import { describe, expect, it } from 'vitest';
import { demandOf } from '../../../src/what-if/index.ts';

const recorded = (stepSeconds: number, rows: readonly (readonly [number, number])[]) =>
  demandOf({ stepSeconds, timestamps: rows.map(([at]) => at), values: rows.map(([, value]) => value) });

describe('recorded demand on ticks', () => {
  it('holds a row of a minute for the minute before its timestamp', () => {
    const demand = recorded(60, [
      [600, 1],
      [660, 3],
    ]);
    expect(demand.firstSeconds).toBe(540);
    expect([...demand.ticks]).toEqual([1, 1, 1, 1, 3, 3, 3, 3]);
    expect([...demand.rows]).toEqual([1, 3]);
  });

  it('averages rows that are finer than a tick, and holds those that are coarser', () => {
    const fine = recorded(
      5,
      Array.from({ length: 12 }, (_, i) => [605 + 5 * i, i]),
    );
    expect([...fine.ticks]).toEqual([1, 4, 7, 10]);
    const half = recorded(30, [
      [630, 1],
      [660, 3],
    ]);
    expect([...half.ticks]).toEqual([1, 1, 3, 3]);
    expect([...half.rows]).toEqual([2]);
  });

  it('joins coarser rows by straight lines from minute to minute', () => {
    const demand = recorded(300, [
      [600, 10],
      [900, 20],
    ]);
    expect([...demand.rows]).toEqual([10, 12, 14, 16, 18, 20]);
    expect(demand.ticks).toHaveLength(24);
  });

  it.each([60, 300])('leaves a gap where rows of %i s are missing', (stepSeconds) => {
    const demand = recorded(stepSeconds, [
      [3000, 1],
      [3000 + stepSeconds, 1],
      [3000 + 4 * stepSeconds, 1],
    ]);
    const known = [...demand.rows].map((value) => !Number.isNaN(value));
    const rows = stepSeconds / 60;
    expect(known.filter((isKnown) => !isKnown)).toHaveLength(3 * rows - 1);
    expect(known.at(-1)).toBe(true);
    expect([...demand.ticks].filter(Number.isNaN)).toHaveLength(4 * (3 * rows - 1));
  });

  it('says that one row is too little', () => {
    expect(() => recorded(60, [[600, 1]])).toThrow('at least two rows');
  });
});
