import { createCalibratedLevels, watchedLevels } from './calibrated-levels.ts';
import type { HorizonAccuracy } from './contract.ts';
import { createResiduals } from './residuals.ts';

/** Errors of the experts are forgotten at this rate a step: half of them in about 90 steps, a third of a day. */
const errorRate = 0.008;
/** From here on errors of neighbouring origins are nearly one error: twice as many say what half as many do nearer. */
const farSteps = 48;
const farCapacity = 2016;
/** Accuracy that is reported is an average over about a week of five-minute steps. */
const accuracyRate = 1 / 2016;

/** One horizon at which every forecast is kept until the truth is known: weights, quantiles and accuracy come from it. */
export interface Anchor {
  readonly horizonSteps: number;
  /** Weight of each expert, summing to 1. */
  readonly weights: Float64Array;
  readonly residualCount: number;
  /** Recent mean absolute error of the combination, in square-root space. */
  readonly typicalError: number;
  /** What a value must be at, beside its prediction, for `level` to be covered; a difference of square roots. */
  residualQuantile(level: number): number;
  /** The truth of this step is known (NaN = missing): learns from the forecast made `horizonSteps` ago. */
  mature(step: number, truth: number): void;
  /**
   * Weighs the experts' predictions for this horizon (NaN = no say), combines them, and keeps all of it with the newest
   * value until the truth is known. Where the newest value is missing (NaN) nothing is kept: a forecast made from a
   * guess says nothing about those made from knowledge.
   */
  keep(step: number, predictions: Float64Array, newest: number): void;
  accuracy(expertNames: readonly string[], gridSeconds: number): HorizonAccuracy;
}

/** Weighted mean in square-root space, between arithmetic and geometric; experts without a say have no weight. */
export function combine(predictions: Float64Array, weights: Float64Array): number {
  let root = 0;
  for (let e = 0; e < weights.length; e++) {
    const weight = weights[e] ?? 0;
    if (weight > 0) root += weight * Math.sqrt(predictions[e] ?? 0);
  }
  return root * root;
}

export function createAnchor(horizonSteps: number, expertCount: number, enoughErrors: number): Anchor {
  const width = expertCount + 2 + watchedLevels.length;
  const combinedAt = expertCount;
  const newestAt = expertCount + 1;
  const levelsAt = expertCount + 2;
  // Float32 holds seven digits, far more than a forecast has.
  const pending = new Float32Array(horizonSteps * width).fill(Number.NaN);
  const errors = new Float64Array(expertCount);
  const errorCounts = new Float64Array(expertCount);
  const weights = new Float64Array(expertCount);
  weights[0] = 1;
  const residuals = createResiduals(horizonSteps >= farSteps ? farCapacity : undefined);
  const levels = createCalibratedLevels(horizonSteps);
  const residualQuantile = (level: number) => residuals.quantile(levels.adjusted(level));

  const sums = { absolute: 0, signed: 0, truth: 0, persistence: 0, count: 0 };
  const covered = new Float64Array(watchedLevels.length);
  let typicalError = 0;

  function learnWeights(row: number, truth: number): void {
    const root = Math.sqrt(truth);
    for (let e = 0; e < expertCount; e++) {
      const prediction = pending[row + e] ?? Number.NaN;
      if (Number.isNaN(prediction)) continue;
      const count = (errorCounts[e] ?? 0) + 1;
      errorCounts[e] = count;
      const error = Math.abs(root - Math.sqrt(prediction));
      errors[e] = (errors[e] ?? 0) + Math.max(errorRate, 1 / count) * (error - (errors[e] ?? 0));
    }
  }

  /**
   * Weights by the inverse fourth power of the recent error, of those who can speak now and have been heard often
   * enough; else the first expert alone. By the inverse square an expert twice as bad would still have a fifth of the
   * say; this way it has a seventeenth.
   */
  function weigh(predictions: Float64Array): void {
    let sum = 0;
    for (let e = 0; e < expertCount; e++) {
      const canSpeak = !Number.isNaN(predictions[e] ?? Number.NaN) && (errorCounts[e] ?? 0) >= enoughErrors;
      const weight = canSpeak ? 1 / ((errors[e] ?? 0) ** 2 + 1e-9) ** 2 : 0;
      weights[e] = weight;
      sum += weight;
    }
    if (sum === 0) weights[0] = 1;
    else for (let e = 0; e < expertCount; e++) weights[e] = (weights[e] ?? 0) / sum;
  }

  function learnAccuracy(row: number, truth: number, combined: number): void {
    sums.count++;
    const rate = Math.max(accuracyRate, 1 / sums.count);
    typicalError += rate * (Math.abs(Math.sqrt(truth) - Math.sqrt(combined)) - typicalError);
    sums.absolute += rate * (Math.abs(truth - combined) - sums.absolute);
    sums.signed += rate * (combined - truth - sums.signed);
    sums.truth += rate * (truth - sums.truth);
    sums.persistence += rate * (Math.abs(truth - (pending[row + newestAt] ?? 0)) - sums.persistence);
    for (let i = 0; i < watchedLevels.length; i++) {
      const wasCovered = truth <= (pending[row + levelsAt + i] ?? 0);
      covered[i] = (covered[i] ?? 0) + rate * ((wasCovered ? 1 : 0) - (covered[i] ?? 0));
      levels.learn(i, wasCovered);
    }
  }

  return {
    horizonSteps,
    weights,
    get residualCount() {
      return residuals.count;
    },
    get typicalError() {
      return typicalError;
    },
    residualQuantile,
    mature(step, truth) {
      const row = (step % horizonSteps) * width;
      const combined = pending[row + combinedAt] ?? Number.NaN;
      if (Number.isNaN(combined) || Number.isNaN(truth)) return;
      learnWeights(row, truth);
      learnAccuracy(row, truth, combined);
      residuals.add(Math.sqrt(truth) - Math.sqrt(combined));
    },
    keep(step, predictions, newest) {
      weigh(predictions);
      const combined = combine(predictions, weights);
      const row = (step % horizonSteps) * width;
      for (let e = 0; e < expertCount; e++) pending[row + e] = predictions[e] ?? Number.NaN;
      pending[row + combinedAt] = Number.isNaN(newest) ? Number.NaN : combined;
      pending[row + newestAt] = newest;
      const centre = Math.sqrt(combined);
      for (let i = 0; i < watchedLevels.length; i++) {
        pending[row + levelsAt + i] = Math.max(0, centre + residualQuantile(watchedLevels[i] ?? 0.5)) ** 2;
      }
    },
    accuracy: (expertNames, gridSeconds) => ({
      horizonSeconds: horizonSteps * gridSeconds,
      count: sums.count,
      wape: ratio(sums.absolute, sums.truth, 0),
      bias: ratio(sums.signed, sums.truth, 0),
      relativeToPersistence: ratio(sums.absolute, sums.persistence, 1),
      coverage: Object.fromEntries(watchedLevels.map((level, i) => [String(level), covered[i] ?? 0])),
      weights: Object.fromEntries(expertNames.map((name, e) => [name, weights[e] ?? 0])),
    }),
  };
}

/** Nothing over nothing is what a faultless forecast of no demand deserves. */
function ratio(part: number, whole: number, ofNothing: number): number {
  return whole > 0 ? part / whole : ofNothing;
}
