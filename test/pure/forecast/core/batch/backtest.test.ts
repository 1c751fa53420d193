import { describe, expect, it } from 'vitest';
import { runBacktest } from '../../../../../src/forecast/core/batch/backtest.ts';
import { weighExperts } from '../../../../../src/forecast/core/batch/combination.ts';
import { residualsOf } from '../../../../../src/forecast/core/batch/intervals.ts';
import { prepare } from '../../../../../src/forecast/core/batch/prepared.ts';
import type { ExpertFactory } from '../../../../../src/forecast/core/experts/expert.ts';
import { shortSeasonNaive } from '../../../../../src/forecast/core/experts/naive.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';
import { createRandom } from '../../../../../src/load-shapes/index.ts';
import { normal } from '../made-series.ts';

const season = 24;
const seasons = { shortSteps: season, longSteps: 7 * season };
const cycle = (step: number) => 100 + 50 * Math.sin((2 * Math.PI * step) / season);
const values = Array.from({ length: 700 }, (_, step) => cycle(step));
/** An expert that always predicts the same, in the prepared unit. */
const stubborn =
  (value: number): ExpertFactory =>
  () => ({
    learn() {},
    predict(into, { farthest }) {
      into.fill(value, 0, farthest);
      return true;
    },
  });
const silent: ExpertFactory = () => ({ learn() {}, predict: () => false });

describe('prepare', () => {
  it('fills what is missing from a season earlier and says so', () => {
    const holed = values.map((value, step) => (step >= 600 && step < 660 ? Number.NaN : value));
    const { values: prepared, isObserved, scale, base } = prepare(holed, season);
    expect(isObserved.reduce((sum, one) => sum + one, 0)).toBe(640);
    for (let step = 600; step < 660; step++)
      expect(base + scale * (prepared[step] ?? 0)).toBeCloseTo(cycle(step), 5);
  });

  it('takes the first value there is for what is missing before it', () => {
    const { values: prepared, scale } = prepare([Number.NaN, Number.NaN, 8, 4, 8, 4], 2);
    expect(prepared.every((value) => value > 0)).toBe(true);
    expect(scale).toBe(6);
  });

  it('measures a series that is high for its range from nearer to it', () => {
    const { base, scale } = prepare([1_000_000, 1_000_001, 1_000_002], 1);
    expect(base).toBe(1_000_000 - 16);
    expect(scale).toBe(17);
  });
});

describe('runBacktest', () => {
  it('looks back from every time of day, in order, and last from now', () => {
    const { origins } = runBacktest(prepare(values, season), seasons, 48, [], createScratch());
    expect(origins.at(-1)).toBe(700);
    expect([...origins].sort((a, b) => a - b)).toEqual(origins);
    expect(new Set(origins.map((origin) => origin % season)).size).toBe(season);
  });

  it('shows an expert nothing of what follows an origin', () => {
    const changed = values.map((value, step) => (step >= 650 ? value * 3 : value));
    const before = runBacktest(prepare(values, season), seasons, 48, [shortSeasonNaive], createScratch());
    const after = runBacktest(prepare(changed, season), seasons, 48, [shortSeasonNaive], createScratch());
    const scale = prepare(changed, season).scale / prepare(values, season).scale;
    before.origins.forEach((origin, o) => {
      if (origin > 650) return;
      before.paths[0]?.[o]?.forEach((value, h) => {
        expect((after.paths[0]?.[o]?.[h] ?? Number.NaN) * scale).toBeCloseTo(value, 5);
      });
    });
  });
});

describe('an expert that can say only a part', () => {
  it('is silent until it can say all of it', () => {
    const partly: ExpertFactory = () => ({
      learn() {},
      predict(into, { farthest }) {
        into.fill(1, 0, farthest);
        into[0] = Number.NaN;
        return true;
      },
    });
    const { paths } = runBacktest(prepare(values, season), seasons, 48, [partly], createScratch());
    expect(paths[0]?.every((path) => path === undefined)).toBe(true);
  });
});

describe('weighExperts', () => {
  const prepared = prepare(values, season);
  const combinedOf = (factories: readonly ExpertFactory[]) => {
    const backtest = runBacktest(prepared, seasons, 48, factories, createScratch());
    return weighExperts(backtest, prepared, season, 0)(backtest.paths.map((ofExpert) => ofExpert.at(-1)));
  };

  it('follows the expert that has been right', () => {
    const combined = combinedOf([shortSeasonNaive, stubborn(0.2), stubborn(3)]);
    combined.forEach((value, h) => {
      expect(value * prepared.scale).toBeCloseTo(cycle(700 + h), 2);
    });
  });

  it('has no use for one that is silent, and lets one that runs away go alone', () => {
    const alike = [stubborn(1.01), stubborn(1), stubborn(0.99)];
    const noisy = combinedOf([stubborn(0.98), ...alike, stubborn(1e6), silent]);
    for (const value of noisy) expect(Math.abs(value - 1)).toBeLessThan(0.02);
  });
});

describe('residualsOf', () => {
  it('gives the quantiles of the errors that were made', () => {
    const random = createRandom(3);
    const noisy = values.map(() => 100 + 10 * normal(random));
    const prepared = prepare(noisy, season);
    const backtest = runBacktest(prepared, seasons, 48, [], createScratch());
    const level = backtest.origins.map(() =>
      new Float64Array(48).fill((100 - prepared.base) / prepared.scale),
    );
    const residual = residualsOf(backtest, prepared, level);
    const bound = (q: number) =>
      prepared.base +
      prepared.scale * (Math.sqrt((100 - prepared.base) / prepared.scale) + residual(q, 24)) ** 2;
    // 1.645 and 1.282 standard deviations, widened by a seventh; a few hundred values say it to about 3.
    expect(Math.abs(bound(0.95) - 118.9)).toBeLessThan(4);
    expect(Math.abs(bound(0.1) - 85.3)).toBeLessThan(4);
    expect(residual(0.5, 24)).toBe(0);
  });
});
