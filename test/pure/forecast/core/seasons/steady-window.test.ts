import { describe, expect, it } from 'vitest';
import { meansOf, withoutGaps } from '../../../../../src/forecast/core/seasons/steady-window.ts';

const none = Number.NaN;

describe('a window without gaps', () => {
  it('has straight lines across gaps and the nearest value at its ends', () => {
    expect([...(withoutGaps([none, 2, none, none, 8, none], 10) ?? [])]).toEqual([2, 2, 4, 6, 8, 8]);
  });

  it('holds the newest values only', () => {
    expect([...(withoutGaps([1, 2, 3, 4], 2) ?? [])]).toEqual([3, 4]);
  });

  it('does not exist where no value is present or nothing varies', () => {
    expect(withoutGaps([none, none], 10)).toBeUndefined();
    expect(withoutGaps([3, none, 3, 3 + 1e-9], 10)).toBeUndefined();
  });
});

describe('means of successive values', () => {
  it('end at the newest value and leave out an incomplete oldest group', () => {
    expect([...meansOf(Float64Array.of(9, 1, 3, 5, 7), 2)]).toEqual([2, 6]);
    expect([...meansOf(Float64Array.of(1, 2), 1)]).toEqual([1, 2]);
  });
});
