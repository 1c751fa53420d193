import { createAccuracy, type Judged } from './accuracy.ts';
import { createCalibratedLevels, watchedLevels } from './calibrated-levels.ts';
import type { HorizonAccuracy } from './contract.ts';
import { createExpertWeights } from './expert-weights.ts';
import { createResiduals } from './residuals.ts';

/** Nearer than this every step's forecast is kept; farther, so many times fewer, because neighbours err alike. */
const everyStepBefore = 6;
/** Residuals kept: three and a half days of steps nearby, and four weeks of hours for a day ahead. */
const residualCapacity = 1008;
const farResidualCapacity = 336;

/** One horizon at which forecasts are kept until the truth is known: weights, quantiles and accuracy come from it. */
export interface Anchor {
  readonly horizonSteps: number;
  /** Forecasts are kept at steps that are whole multiples of this. */
  readonly strideSteps: number;
  /** Weight of each expert, summing to 1. */
  readonly weights: Float64Array;
  readonly residualCount: number;
  /** Recent mean absolute error of the combination, in square-root space. */
  readonly typicalError: number;
  /** What a value must be at, beside its prediction, for `level` to be covered; a difference of square roots. */
  residualQuantile(level: number): number;
  /** The truth of this step is known (NaN = missing): learns from the forecast made `horizonSteps` ago. */
  mature(step: number, truth: number): void;
  /** Weighs the experts anew, by their predictions for this horizon (NaN = no say). */
  weigh(predictions: Float64Array): void;
  /**
   * Keeps what was predicted and its combination, with the newest value, until the truth is known. Where the newest value
   * is missing (NaN) nothing is kept: a forecast made from a guess says nothing about those made from knowledge.
   */
  keep(step: number, predictions: Float64Array, combined: number, newest: number): void;
  accuracy(expertNames: readonly string[], gridSeconds: number): HorizonAccuracy;
}

/** `naiveIndex`: the expert that stands for the seasonal naive in accuracy. */
export function createAnchor(
  horizonSteps: number,
  expertCount: number,
  enoughErrors: number,
  naiveIndex: number,
): Anchor {
  const strideSteps = Math.max(1, Math.floor(horizonSteps / everyStepBefore));
  const slots = Math.ceil(horizonSteps / strideSteps);
  const width = expertCount + 2 + watchedLevels.length;
  const combinedAt = expertCount;
  const newestAt = expertCount + 1;
  const levelsAt = expertCount + 2;
  // Float32 holds seven digits, far more than a forecast has.
  const pending = new Float32Array(slots * width).fill(Number.NaN);
  const weights = createExpertWeights(expertCount, strideSteps, enoughErrors);
  const residuals = createResiduals(strideSteps === 1 ? residualCapacity : farResidualCapacity);
  const levels = createCalibratedLevels(horizonSteps, strideSteps);
  const residualQuantile = (level: number) => residuals.quantile(levels.adjusted(level));
  const accuracy = createAccuracy();
  const judged: { -readonly [K in keyof Judged]: number } = {
    truth: 0,
    combined: 0,
    persistence: 0,
    seasonalNaive: 0,
  };
  const bounds = new Float64Array(watchedLevels.length);
  let typicalError = 0;

  const rowOf = (step: number) => (Math.floor(step / strideSteps) % slots) * width;

  return {
    horizonSteps,
    strideSteps,
    weights: weights.values,
    get residualCount() {
      return residuals.count;
    },
    get typicalError() {
      return typicalError;
    },
    residualQuantile,
    mature(step, truth) {
      const madeAt = step - horizonSteps;
      if (madeAt < 0 || madeAt % strideSteps !== 0) return;
      const row = rowOf(madeAt);
      const combined = pending[row + combinedAt] ?? Number.NaN;
      if (Number.isNaN(combined) || Number.isNaN(truth)) return;
      const residual = Math.sqrt(truth) - Math.sqrt(combined);
      weights.learn(pending, row, combined, truth);
      judged.truth = truth;
      judged.combined = combined;
      judged.persistence = pending[row + newestAt] ?? 0;
      judged.seasonalNaive = pending[row + naiveIndex] ?? Number.NaN;
      for (let i = 0; i < watchedLevels.length; i++) {
        bounds[i] = pending[row + levelsAt + i] ?? 0;
        levels.learn(i, truth <= (bounds[i] ?? 0));
      }
      accuracy.note(judged, bounds, strideSteps);
      typicalError += Math.max(strideSteps / 2016, 1 / accuracy.count) * (Math.abs(residual) - typicalError);
      residuals.add(residual);
    },
    weigh: weights.weigh,
    keep(step, predictions, combined, newest) {
      const row = rowOf(step);
      for (let e = 0; e < expertCount; e++) pending[row + e] = predictions[e] ?? Number.NaN;
      pending[row + combinedAt] = Number.isNaN(newest) ? Number.NaN : combined;
      pending[row + newestAt] = newest;
      const centre = Math.sqrt(combined);
      for (let i = 0; i < watchedLevels.length; i++) {
        pending[row + levelsAt + i] = Math.max(0, centre + residualQuantile(watchedLevels[i] ?? 0.5)) ** 2;
      }
    },
    accuracy: (expertNames, gridSeconds) =>
      accuracy.report(
        horizonSteps * gridSeconds,
        Object.fromEntries(expertNames.map((name, e) => [name, weights.values[e] ?? 0])),
      ),
  };
}
