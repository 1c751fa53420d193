import { describe, expect, it } from 'vitest';
import { runBacktest } from '../../../../../src/forecast/core/batch/backtest.ts';
import { weighExperts } from '../../../../../src/forecast/core/batch/combination.ts';
import { errorsOf } from '../../../../../src/forecast/core/batch/expert-errors.ts';
import { prepare } from '../../../../../src/forecast/core/batch/prepared.ts';
import type { ExpertFactory } from '../../../../../src/forecast/core/experts/expert.ts';
import { shortSeasonNaive } from '../../../../../src/forecast/core/experts/naive.ts';
import { createScratch } from '../../../../../src/forecast/core/memory/scratch.ts';

const season = 24;
const cycle = (step: number) => 100 + 50 * Math.sin((2 * Math.PI * step) / season);
const values = Array.from({ length: 700 }, (_, step) => cycle(step));
/** An expert that always predicts the same, in the prepared unit. */
const stubborn =
  (value: number): ExpertFactory =>
  () => ({
    copyState() {},
    learn() {},
    predict(into, { farthest }) {
      into.fill(value, 0, farthest);
      return true;
    },
  });
const silent: ExpertFactory = () => ({ copyState() {}, learn() {}, predict: () => false });

describe('experts of a backtest', () => {
  const seasons = { shortSteps: season, longSteps: 7 * season };
  const prepared = prepare(values, season);
  const combinedOf = (factories: readonly ExpertFactory[]) => {
    const backtest = runBacktest(prepared, seasons, 48, factories, createScratch());
    return weighExperts(
      errorsOf(backtest, prepared, season, 0),
      0,
    )(backtest.paths.map((ofExpert) => ofExpert.at(-1)));
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

describe('weights of experts', () => {
  const flat = {
    ...prepare([4, 4], 1),
    values: new Float64Array(40).fill(1),
    isObserved: new Uint8Array(40).fill(1),
  };
  const horizonSteps = 8;
  const origins = [16, 20, 24];
  const path = (predictedAt: (h: number) => number) =>
    Float64Array.from({ length: horizonSteps }, (_, h) => predictedAt(h + 1));
  /** Combines experts (the first is the reference) that predict the same at every origin; the truth is always 1. */
  const combined = (experts: readonly (readonly (Float64Array | undefined)[])[]) =>
    weighExperts(
      errorsOf({ horizonSteps, origins, lessons: 0, paths: experts }, flat, 8, 0),
      0,
    )(experts.map((paths) => paths.at(-1)));
  const always = (predicted: Float64Array) => origins.map(() => predicted);

  it('differ by how far ahead an expert is right', () => {
    const nearby = path((h) => (h <= 2 ? 1 : 4));
    const farAway = path((h) => (h <= 2 ? 4 : 1));
    const all = combined([always(path(() => 2)), always(nearby), always(farAway)]);
    expect(all[0]).toBeCloseTo(1, 6);
    expect(all[7]).toBeCloseTo(1, 6);
  });

  it('are compared at the origins where both experts predicted', () => {
    // The second expert is twice as far off as the reference was at the only origin that it predicted.
    const reference = [path(() => 9), path(() => 9), path(() => 1.1)];
    const lucky = [undefined, undefined, path(() => 1.2)];
    const both = combined([reference, lucky]);
    expect(both[3]).toBeCloseTo(1.1, 6);
  });

  it('are those of the reference where no expert can be scored', () => {
    const missing = { ...flat, isObserved: new Uint8Array(40) };
    const paths = [always(path(() => 2)), always(path(() => 7))];
    const combine = weighExperts(errorsOf({ horizonSteps, origins, lessons: 0, paths }, missing, 8, 0), 0);
    expect([...combine(paths.map((ofExpert) => ofExpert.at(-1)))]).toEqual(
      Array(horizonSteps).fill(expect.closeTo(2, 9)),
    );
  });
});
