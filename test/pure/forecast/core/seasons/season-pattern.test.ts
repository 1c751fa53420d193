import { describe, expect, it } from 'vitest';
import { restoreState, savedState } from '../../../../../src/forecast/core/memory/state-copier.ts';
import { ValueWindow } from '../../../../../src/forecast/core/memory/value-window.ts';
import { createSeasonPattern } from '../../../../../src/forecast/core/seasons/season-pattern.ts';

describe('the pattern of seasons', () => {
  const window = (value: (step: number) => number, steps: number) => {
    const roots = new ValueWindow(steps);
    for (let step = 0; step < steps; step++) roots.push(Math.sqrt(value(step)));
    return roots;
  };

  it('takes seasons that overlap apart, and repeats their sum', () => {
    const value = (step: number) => 50 + (step % 7 === 0 ? 20 : 0) + 10 * Math.sin((2 * Math.PI * step) / 24);
    const pattern = createSeasonPattern(24);
    pattern.follow([7, 24], window(value, 24 * 14), 24 * 14 - 1);
    for (let step = 24 * 14; step < 24 * 21; step++)
      expect(Math.abs(pattern.at(step) ** 2 - value(step))).toBeLessThan(1.5);
  });

  it('follows a season of no whole number of steps', () => {
    const value = (step: number) => 50 + 20 * Math.sin((2 * Math.PI * step) / 33.3);
    const pattern = createSeasonPattern(288);
    pattern.follow([33.3], window(value, 4000), 3999);
    // Half a step of a slope of 3.8 a step, and the noise of slots.
    for (let step = 4000; step < 4288; step++)
      expect(Math.abs(pattern.at(step) ** 2 - value(step))).toBeLessThan(2.5);
  });

  it('goes on from what was saved, whatever it followed before', () => {
    const followed = (periods: readonly number[]) => {
      const pattern = createSeasonPattern(24);
      const value = (step: number) => 50 + (step % (periods[0] ?? 1));
      pattern.follow(periods, window(value, 24 * 14), 24 * 14 - 1);
      return pattern;
    };
    const saved = followed([7, 24]);
    for (const before of [createSeasonPattern(24), followed([5, 7]), followed([33])]) {
      restoreState(before, savedState(saved));
      const steps = Array.from({ length: 200 }, (_, step) => 24 * 14 + step);
      expect(steps.map((step) => before.at(step))).toEqual(steps.map((step) => saved.at(step)));
    }
  });

  it('leaves out what the window does not hold, and is the level where there is nothing', () => {
    const pattern = createSeasonPattern(24);
    expect(pattern.isThere).toBe(false);
    pattern.follow(
      [500],
      window(() => 49, 100),
      99,
    );
    expect(pattern.isThere).toBe(true);
    expect(pattern.at(7)).toBeCloseTo(7, 9);
    pattern.forget();
    expect(pattern.isThere).toBe(false);
  });

  it('forgets the shape it had when the demand has another one', () => {
    const pattern = createSeasonPattern(24);
    const value = (height: number) => (step: number) => 50 + (step % 7 === 3 ? height : 0);
    pattern.follow([7], window(value(20), 24 * 14), 24 * 14 - 1);
    pattern.follow([7], window(value(0), 24 * 14), 24 * 14 - 1);
    expect(pattern.version).toBe(2);
    expect(pattern.at(3) ** 2).toBeCloseTo(50, 3);
  });

  it('gives recent cycles more weight than old ones', () => {
    const steps = 24 * 20;
    const pattern = createSeasonPattern(24);
    const grown = (step: number) => 50 + (step % 24 === 5 ? (step < steps / 2 ? 10 : 30) : 0);
    pattern.follow([24], window(grown, steps), steps - 1);
    // The plain mean of both heights is 20.
    expect(pattern.at(5) ** 2 - pattern.at(6) ** 2).toBeGreaterThan(23);
  });
});
