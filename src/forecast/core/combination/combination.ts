import { expertNames, repeatsSeason } from '../experts/index.ts';
import type { Scratch } from '../memory/scratch.ts';
import { MiddleMean } from './middle-mean.ts';
import type { PathTable } from './path-table.ts';
import type { WeighedHorizon } from './weighed-horizon.ts';

/** An expert with a smaller weight is left out: it would change the mean less than its arithmetic costs. */
const negligibleWeight = 0.01;
/** Share of the weight that the combination leaves out at either end. */
const leftOutShare = 0.2;

/**
 * Combines what the experts predict, in square-root space, by their weights at the horizons where they are weighed. These
 * rise; there must be at least one.
 */
export function createCombination(horizons: readonly WeighedHorizon[], table: PathTable, scratch: Scratch) {
  const work = scratch.of(createWork);
  const { middle } = work;

  return {
    /** Combines the paths of the table at every step up to `steps`. */
    extendTo(steps: number): void {
      let from = 1;
      for (let i = 0; i < horizons.length && from <= steps; i++) {
        const above = horizons[i]!;
        const to = Math.min(steps, above.horizonSteps);
        combineBetween(table, work, { below: horizons[Math.max(0, i - 1)]!, above }, from, to);
        from = to + 1;
      }
      table.combinedSteps = steps;
    },
    /** The predictions of all experts at horizon h, NaN where one is not available. Overwritten by the next call. */
    predictionsAt(h: number): Float64Array {
      const { predictions } = work;
      for (let e = 0, at = h - 1; e < predictions.length; e++, at += table.horizonSteps) {
        predictions[e] = table.isAvailable[e] === 1 ? table.values[at]! : Number.NaN;
      }
      return predictions;
    },
    /** The same array without the experts that repeat a season: NaN in their place. Overwritten by the next call. */
    withoutRepeaters(predictions: Float64Array): Float64Array {
      const { remaining } = work;
      for (let e = 0; e < remaining.length; e++)
        remaining[e] = repeatsSeason[e] ? Number.NaN : predictions[e]!;
      return remaining;
    },
    /** The combination of `predictions` at the weighed horizon of this number. */
    at(index: number, predictions: Float64Array): number {
      const own = horizons[index]!.weights;
      const below = horizons[Math.max(0, index - 1)]!.weights;
      let count = 0;
      for (let e = 0; e < predictions.length; e++) {
        const weight = own.of(e);
        const prediction = predictions[e]!;
        if (Number.isNaN(prediction) || (weight < negligibleWeight && below.of(e) < negligibleWeight))
          continue;
        middle.values[count] = Math.sqrt(prediction);
        middle.weights[count++] = weight;
      }
      return demandOf(middle.of(count), predictions[0]!);
    },
  };
}

type Work = ReturnType<typeof createWork>;
type Between = Readonly<Record<'below' | 'above', WeighedHorizon>>;

/** Lists the available experts with a weight at either horizon, and returns how many there are. */
function listExpertsBetween(table: PathTable, work: Work, { below, above }: Between): number {
  const { experts, weightsBelow, weightsAbove } = work;
  const ofBelow = below.weights;
  const ofAbove = above.weights;
  let count = 0;
  for (let e = 0; e < expertNames.length; e++) {
    if (table.isAvailable[e] === 0) continue;
    const weightBelow = ofBelow.of(e);
    const weightAbove = ofAbove.of(e);
    if (weightBelow < negligibleWeight && weightAbove < negligibleWeight) continue;
    weightsBelow[count] = weightBelow;
    weightsAbove[count] = weightAbove;
    experts[count++] = e;
  }
  return count;
}

/** Combines the steps from `from` to `to`, which lie between two weighed horizons. */
function combineBetween(table: PathTable, work: Work, between: Between, from: number, to: number): void {
  const { below, above } = between;
  const { middle, experts, weightsBelow, weightsAbove } = work;
  const { values, combined, maxima, logs, horizonSteps } = table;
  const { values: roots, weights } = middle;
  const logBelow = logs[below.horizonSteps - 1]!;
  const span = logs[above.horizonSteps - 1]! - logBelow;
  // Up to the first horizon, which is on both sides then, its own weights count.
  const perLog = span > 0 ? 1 / span : 0;
  const count = listExpertsBetween(table, work, between);
  let highest = from > 1 ? maxima[from - 2]! : 0;
  for (let h = from - 1; h < to; h++) {
    const share = perLog * (logs[h]! - logBelow);
    let added = 0;
    for (let i = 0; i < count; i++) {
      const prediction = values[experts[i]! * horizonSteps + h]!;
      if (Number.isNaN(prediction)) continue;
      roots[added] = Math.sqrt(prediction);
      weights[added++] = (1 - share) * weightsBelow[i]! + share * weightsAbove[i]!;
    }
    const value = demandOf(middle.of(added), values[h]!);
    combined[h] = value;
    highest = Math.max(highest, value);
    maxima[h] = highest;
  }
}

function createWork() {
  const count = expertNames.length;
  return {
    middle: new MiddleMean(count, leftOutShare),
    /** Numbers of the experts that are combined, and their weights at the horizons below and above. */
    experts: new Uint16Array(count),
    weightsBelow: new Float64Array(count),
    weightsAbove: new Float64Array(count),
    predictions: new Float64Array(count),
    remaining: new Float64Array(count),
  };
}

/** The demand of a combined square root; where no expert with a weight is available, the first expert, which always is. */
function demandOf(root: number, ofFirstExpert: number): number {
  return Number.isNaN(root) ? ofFirstExpert : root * root;
}
