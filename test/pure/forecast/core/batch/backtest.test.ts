import { describe, expect, it } from 'vitest';
import { runBacktest } from '../../../../../src/forecast/core/batch/backtest.ts';
import { prepare } from '../../../../../src/forecast/core/batch/prepared.ts';
import type { ExpertFactory } from '../../../../../src/forecast/core/experts/expert.ts';
import { shortSeasonNaive } from '../../../../../src/forecast/core/experts/naive.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';

const season = 24;
const seasons = { shortSteps: season, longSteps: 7 * season };
const cycle = (step: number) => 100 + 50 * Math.sin((2 * Math.PI * step) / season);
const values = Array.from({ length: 700 }, (_, step) => cycle(step));
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
      copyState() {},
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
