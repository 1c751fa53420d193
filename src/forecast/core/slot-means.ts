/** A running mean of every moment of a season, in square-root space: what is usual then. */
export interface SlotMeans {
  /** Length of the season in steps; 0 = there is none. */
  readonly seasonSteps: number;
  /** Every moment has been seen. */
  readonly isFull: boolean;
  /** By moment; NaN where it has not been seen. */
  readonly means: Float32Array;
  /** What is usual at a step, counted from the first; NaN before its moment has been seen. */
  at(step: number): number;
  learn(step: number, root: number): void;
}

/** `rate` is the weight of the newest value, once there have been so many that a plain mean would give it less. */
export function createSlotMeans(seasonSteps: number, rate: number): SlotMeans {
  const means = new Float32Array(seasonSteps).fill(Number.NaN);
  let filled = 0;
  return {
    seasonSteps,
    means,
    get isFull() {
      return seasonSteps > 0 && filled === seasonSteps;
    },
    at: (step) => means[step % seasonSteps] ?? Number.NaN,
    learn(step, root) {
      if (seasonSteps === 0) return;
      const slot = step % seasonSteps;
      const mean = means[slot] ?? Number.NaN;
      if (Number.isNaN(mean)) {
        means[slot] = root;
        filled++;
        return;
      }
      const seasonsSeen = Math.floor(step / seasonSteps);
      means[slot] = mean + Math.max(rate, 1 / (seasonsSeen + 1)) * (root - mean);
    },
  };
}
