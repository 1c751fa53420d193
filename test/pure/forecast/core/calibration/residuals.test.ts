import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Residuals } from '../../../../../src/forecast/core/calibration/residuals.ts';
import { createArena } from '../../../../../src/forecast/core/memory/arena.ts';
import { savedState } from '../../../../../src/forecast/core/memory/state-copier.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';

describe('residual quantiles', () => {
  it('take the finite-sample rank ⌈(n + 1)τ⌉', () => {
    const residuals = new Residuals(1008, createArena());
    // 1 … 99: the 90th of 99 is at level 0.9, the 99th at 0.99.
    for (let i = 99; i >= 1; i--) residuals.add(i);
    expect(Math.abs(residuals.quantile(0.9) - 90)).toBeLessThan(1);
    // A residual is known by its quarter of an octave.
    expect(Math.abs(residuals.quantile(0.99) - 99)).toBeLessThan(99 / 8);
  });

  it('continue beyond the largest as an exponential tail', () => {
    const residuals = new Residuals(1008, createArena());
    const random = createRandom(3);
    for (let i = 0; i < 199; i++) residuals.add(-Math.log(1 - random()));
    // The quantile of Exp(1) at 0.9995 is −ln 0.0005 = 7.6.
    expect(Math.abs(residuals.quantile(0.9995) - 7.6)).toBeLessThan(1.5);
    expect(residuals.quantile(0.9995)).toBeGreaterThan(residuals.quantile(0.995));
  });

  it('do not depend on what was asked before, and nor does what is saved', () => {
    const levels = [0.3, 0.5, 0.7, 0.26, 0.74, 0.9, 0.1];
    const residual = fc.double({ min: -50, max: 50, noNaN: true });
    fc.assert(
      fc.property(fc.array(residual, { minLength: 1, maxLength: 200 }), fc.nat(), (added, seed) => {
        const asked = new Residuals(40, createArena());
        const silent = new Residuals(40, createArena());
        const random = createRandom(seed);
        for (const one of added) {
          for (const residuals of [asked, silent]) residuals.add(one);
          asked.quantile(levels[Math.floor(levels.length * random())] ?? 0.5);
          if (random() < 0.1) for (const residuals of [asked, silent]) residuals.forgetAbove(1, 10);
        }
        expect(savedState(asked)).toEqual(savedState(silent));
        for (const level of levels) expect(asked.quantile(level)).toBe(silent.quantile(level));
      }),
    );
  });

  describe('that remember large residuals for longer than the window', () => {
    const windowSteps = 576;
    const residualsAfter = (count: number, residualOf: (i: number) => number, remembersTail: boolean) => {
      const residuals = new Residuals(windowSteps, createArena(), { remembersTail });
      for (let i = 0; i < count; i++) residuals.add(residualOf(i));
      return residuals;
    };
    const random = createRandom(5);
    const values = Float64Array.from({ length: 6000 }, () => -Math.log(1 - random()));
    const noise = (i: number) => values[i] ?? 0;

    it('are raised less by one glitch', () => {
      // Twelve of the newest 2,016 are a glitch, too few for the 0.99 quantile of all of them, which is 4.6.
      const withGlitch = (i: number) => (i >= 2400 && i < 2412 ? 40 : noise(i));
      expect(residualsAfter(2500, withGlitch, false).quantile(0.99)).toBeGreaterThan(30);
      expect(residualsAfter(2500, withGlitch, true).quantile(0.99)).toBeLessThan(8);
    });

    it('know what came three days ago, and forget it within weeks', () => {
      const early = (i: number) => (i < 864 && i % 20 === 0 ? 40 : noise(i));
      expect(residualsAfter(1600, early, false).quantile(0.99)).toBeLessThan(8);
      expect(residualsAfter(1600, early, true).quantile(0.99)).toBeGreaterThan(8);
      expect(residualsAfter(6000, early, true).quantile(0.99)).toBeLessThan(8);
    });

    it('are those of the window up to 0.9, and right where nothing changes', () => {
      expect(residualsAfter(6000, noise, true).quantile(0.9)).toBe(
        residualsAfter(6000, noise, false).quantile(0.9),
      );
      // The quantile of Exp(1) at 0.99 is 4.6.
      expect(Math.abs(residualsAfter(6000, noise, true).quantile(0.99) - 4.6)).toBeLessThan(0.6);
    });

    it('never fall with the level', () => {
      const residuals = residualsAfter(3000, (i) => noise(i) - 1, true);
      const levels = Array.from({ length: 200 }, (_, i) => 0.8 + i / 1001);
      const told = levels.map((level) => residuals.quantile(level));
      expect(told).toEqual(told.toSorted((a, b) => a - b));
    });

    it('are 0 or less where no residual is above zero', () => {
      expect(residualsAfter(2000, () => -1, true).quantile(0.99)).toBeLessThan(0);
    });
  });

  it('are right to an eighth where one residual is alone in its size', () => {
    const residuals = new Residuals(9, createArena());
    for (const value of [1e6, -1e6, 0.001, -0.001, 0, 3, -3, 7, -7, 2e-4, -2e-4]) residuals.add(value);
    const sorted = [-7, -3, -0.001, -2e-4, 0, 2e-4, 0.001, 3, 7];
    for (const [index, value] of sorted.entries()) {
      const told = residuals.quantile((index + 1) / 10);
      expect(Math.abs(told - value)).toBeLessThanOrEqual(Math.abs(value) / 8);
    }
  });

  it('never fall with the level', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (values, a, b) => {
          const residuals = new Residuals(1008, createArena());
          for (const value of values) residuals.add(value);
          expect(residuals.quantile(Math.max(a, b))).toBeGreaterThanOrEqual(
            residuals.quantile(Math.min(a, b)),
          );
        },
      ),
    );
  });

  it('forget those of the newest that are above a limit, and hold the others in their order', () => {
    const residuals = new Residuals(9, createArena());
    for (const value of [5, 1, 1, 1, 1, 1, 40, 2, 50, 3, 60]) residuals.add(value);
    residuals.forgetAbove(10, 5);
    // 40, 50 and 60 have gone; 5 and a 1 had been replaced before.
    expect(residuals.count).toBe(6);
    expect(Math.abs(residuals.quantile(6 / 7) - 3)).toBeLessThan(3 / 8);
    // The oldest go first: of the four that are 1, one is left after six more.
    for (let i = 0; i < 6; i++) residuals.add(2);
    expect(residuals.count).toBe(9);
    expect(Math.abs(residuals.quantile(0.1) - 1)).toBeLessThan(1 / 4);
    expect(Math.abs(residuals.quantile(0.2) - 2)).toBeLessThan(2 / 4);
  });

  it('forget all there are where all are above the limit', () => {
    const residuals = new Residuals(9, createArena());
    for (let i = 0; i < 20; i++) residuals.add(50);
    residuals.forgetAbove(10, 100);
    expect(residuals.count).toBe(0);
    expect(residuals.quantile(0.99)).toBe(0);
    residuals.add(1);
    expect(residuals.quantile(0.5)).toBeGreaterThan(0.8);
  });

  it('hold those of the newest only, however many came before', () => {
    const residuals = new Residuals(99, createArena());
    const random = createRandom(5);
    for (let i = 0; i < 1000; i++) residuals.add(random() * 1000);
    for (let i = 99; i >= 1; i--) residuals.add(-i);
    expect(residuals.count).toBe(99);
    expect(Math.abs(residuals.quantile(0.9) + 10)).toBeLessThan(1);
    expect(Math.abs(residuals.quantile(0.01) + 99)).toBeLessThan(99 / 8);
  });
});
