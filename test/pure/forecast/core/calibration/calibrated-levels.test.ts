import { describe, expect, it } from 'vitest';
import {
  CalibratedLevels,
  forecastRule,
  levelsBothWays,
} from '../../../../../src/forecast/core/calibration/calibrated-levels.ts';
import { createArena } from '../../../../../src/forecast/core/memory/arena.ts';

describe('calibrated levels', () => {
  const levelsAfter = (isCovered: (i: number) => boolean) => {
    const levels = new CalibratedLevels(6, 1, createArena());
    for (let i = 0; i < 100_000; i++) levels.learn(1, isCovered(i));
    return levels;
  };

  it('ask for more where the bound was exceeded too often, and for less where it was too seldom', () => {
    expect(levelsAfter((i) => i % 5 !== 0).adjusted(0.9)).toBeGreaterThan(0.9);
    expect(levelsAfter(() => true).adjusted(0.9)).toBeLessThan(0.9);
    expect(new CalibratedLevels(6, 1, createArena()).adjusted(0.9)).toBe(0.9);
  });

  it('go back to what they were', () => {
    const levels = levelsAfter((i) => i % 5 !== 0);
    const before = [levels.adjusted(0.9), levels.offsets] as const;
    for (let i = 0; i < 100; i++) levels.learn(1, true);
    expect(levels.adjusted(0.9)).toBeLessThan(before[0]);
    levels.restore(before[1]);
    expect(levels.adjusted(0.9)).toBe(before[0]);
  });

  it('below the median are corrected as those above', () => {
    const low = levelsBothWays.indexOf(0.1);
    const lowAfter = (isCovered: (i: number) => boolean) => {
      const levels = new CalibratedLevels(6, 1, createArena(), forecastRule);
      for (let i = 0; i < 100_000; i++) levels.learn(low, isCovered(i));
      return levels;
    };
    const tooHigh = lowAfter((i) => i % 5 === 0);
    expect(tooHigh.adjusted(0.1)).toBeLessThan(0.1);
    expect(tooHigh.adjusted(0.2)).toBeLessThan(0.2);
    expect(tooHigh.adjusted(0.01)).toBeGreaterThan(0);
    expect(tooHigh.adjusted(0.5)).toBe(0.5);
    expect(tooHigh.adjusted(0.9)).toBe(0.9);
    expect(lowAfter((i) => i % 20 === 0).adjusted(0.1)).toBeGreaterThan(0.1);
  });

  it('between two watched levels are corrected by the share of each in forecasts, and as the nearest in peaks', () => {
    const forecasts = new CalibratedLevels(6, 1, createArena(), forecastRule);
    const peaks = new CalibratedLevels(6, 1, createArena());
    for (const levels of [forecasts, peaks]) levels.learn(1, false);
    const correctionOf = (levels: CalibratedLevels, level: number) => levels.adjusted(level) - level;
    const most = correctionOf(forecasts, 0.9);
    expect(correctionOf(forecasts, 0.7)).toBeCloseTo(most / 2, 9);
    expect(correctionOf(forecasts, 0.51)).toBeCloseTo(most / 40, 9);
    expect(correctionOf(forecasts, 0.925)).toBeCloseTo(most / 2, 9);
    expect(correctionOf(peaks, 0.8)).toBeCloseTo(correctionOf(peaks, 0.9), 9);
    expect(correctionOf(peaks, 0.6)).toBeCloseTo(0, 9);
  });

  it('never pass their neighbours, and leave the median alone', () => {
    const never = levelsAfter(() => false);
    expect(never.adjusted(0.9)).toBeLessThan(1);
    expect(never.adjusted(0.5)).toBe(0.5);
    expect(never.adjusted(0.95)).toBe(0.95);
  });
});
