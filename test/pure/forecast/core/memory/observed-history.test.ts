import { describe, expect, it } from 'vitest';
import { ObservedHistory } from '../../../../../src/forecast/core/memory/observed-history.ts';

describe('the observed history', () => {
  it('keeps the newest values, to 0.05 %, whatever their size', () => {
    const history = new ObservedHistory(4);
    const values = [9e9, 1, 50, 3e-6, 1234.5];
    for (const value of values) history.push(value);
    expect(history.count).toBe(4);
    for (let back = 0; back < 4; back++) {
      const value = values[values.length - 1 - back] ?? 0;
      expect(Math.abs(history.at(back, 0) / value - 1)).toBeLessThan(0.0005);
    }
  });

  it('distinguishes no demand from a missing value', () => {
    const history = new ObservedHistory(3);
    history.push(0);
    history.push(Number.NaN);
    expect(history.at(1, 0)).toBe(0);
    expect(history.at(0, 0)).toBeNaN();
  });
});
