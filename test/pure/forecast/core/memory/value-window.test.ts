import { describe, expect, it } from 'vitest';
import { ValueWindow } from '../../../../../src/forecast/core/memory/value-window.ts';

describe('the value window', () => {
  it('holds the newest values contiguously, however many were pushed', () => {
    const window = new ValueWindow(10);
    for (let i = 0; i < 1000; i++) {
      window.push(i);
      const held = [...window.values.subarray(window.start, window.end)];
      const expected = Array.from({ length: Math.min(i + 1, 10) }, (_, k) => i - Math.min(i, 9) + k);
      expect(held.slice(-10)).toEqual(expected);
    }
  });

  it('takes the newest values back, as far as there are any', () => {
    const window = new ValueWindow(4);
    for (const value of [1, 2, 3]) window.push(value);
    window.takeBack(1);
    expect([...window.values.subarray(window.start, window.end)]).toEqual([1, 2]);
    window.takeBack(9);
    expect(window.end).toBe(window.start);
  });
});
