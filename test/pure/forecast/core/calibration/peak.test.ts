import { describe, expect, it } from 'vitest';
import { PeakWindow } from '../../../../../src/forecast/core/calibration/peak.ts';
import { createArena } from '../../../../../src/forecast/core/memory/arena.ts';

describe('the peak of a window', () => {
  it('learns nothing from a window whose peak is unknown', () => {
    const window = new PeakWindow(300, 300, createArena());
    for (let i = 0; i < 200; i++) {
      window.mature(i * 300, () => Number.NaN);
      window.keep(i * 300, 10);
    }
    expect(window.residualCount).toBe(0);
  });

  it('is learned from its rows as soon as all of them are there, each origin once', () => {
    const window = new PeakWindow(600, 300, createArena());
    const asked: (readonly [number, number])[] = [];
    for (let now = 300; now <= 1500; now += 300) {
      window.mature(now, (from, to) => {
        asked.push([from, to]);
        return 10;
      });
      window.keep(now, 10);
    }
    expect(asked).toEqual([
      [300, 900],
      [600, 1200],
      [900, 1500],
    ]);
    expect(window.residualCount).toBe(3);
  });
});
