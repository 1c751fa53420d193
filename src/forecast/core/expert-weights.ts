/** Errors of the experts are forgotten at this rate a step: half of them in about 90 steps, a third of a day. */
const errorRate = 0.008;

/** How much say each expert has at one horizon. */
export interface ExpertWeights {
  /** Summing to 1. */
  readonly values: Float64Array;
  /** The truth of what the experts predicted, which is at `pending[row …]` (NaN = no say). */
  learn(pending: Float32Array, row: number, truth: number, typicalError: number): void;
  /** Weighs those who can speak now (NaN = cannot). */
  weigh(predictions: Float64Array): void;
}

/**
 * Weights by the inverse fourth power of the recent error in square-root space, of those who can speak and have been
 * heard often enough; else the first expert alone. By the inverse square an expert twice as bad would still have a fifth
 * of the say; this way it has a seventeenth.
 */
export function createExpertWeights(
  expertCount: number,
  strideSteps: number,
  enoughErrors: number,
): ExpertWeights {
  const errors = new Float64Array(expertCount);
  const errorCounts = new Float64Array(expertCount);
  const values = new Float64Array(expertCount);
  const enough = Math.max(8, enoughErrors / strideSteps);
  values[0] = 1;
  return {
    values,
    learn(pending, row, truth) {
      const root = Math.sqrt(truth);
      for (let e = 0; e < expertCount; e++) {
        const prediction = pending[row + e] ?? Number.NaN;
        if (Number.isNaN(prediction)) continue;
        const count = (errorCounts[e] ?? 0) + 1;
        errorCounts[e] = count;
        const error = Math.abs(root - Math.sqrt(prediction));
        errors[e] =
          (errors[e] ?? 0) + Math.max(errorRate * strideSteps, 1 / count) * (error - (errors[e] ?? 0));
      }
    },
    weigh(predictions) {
      let sum = 0;
      for (let e = 0; e < expertCount; e++) {
        const canSpeak = !Number.isNaN(predictions[e] ?? Number.NaN) && (errorCounts[e] ?? 0) >= enough;
        const weight = canSpeak ? 1 / ((errors[e] ?? 0) ** 2 + 1e-9) ** 2 : 0;
        values[e] = weight;
        sum += weight;
      }
      if (sum === 0) values[0] = 1;
      else for (let e = 0; e < expertCount; e++) values[e] = (values[e] ?? 0) / sum;
    },
  };
}
