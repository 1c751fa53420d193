import type { ExpertInputs } from '../experts/inputs.ts';
import { CorrectedHorizon } from '../families/corrected-horizon.ts';
import { FarFeatures } from '../families/far-features.ts';
import { sumOfTrees, type Trees } from '../families/trees.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import type { PathTable } from './path-table.ts';
import type { WeighedHorizon } from './weighed-horizon.ts';

/** The most that trees may add or take, in typical errors. */
const mostUnits = 0.4;

/** What trees answer, within what they may add or take. */
export const allowedUnits = (units: number): number => Math.max(-mostUnits, Math.min(mostUnits, units));

interface Surroundings {
  readonly inputs: ExpertInputs;
  /** Where the experts are weighed, rising. */
  readonly horizons: readonly WeighedHorizon[];
  /** The local step at which the value h ≥ 1 real steps ahead is read. */
  readonly localStep: (h: number) => number;
  /** The predictions of all experts at a horizon. */
  readonly predictionsAt: (h: number) => Float64Array;
  readonly table: PathTable;
  /** Count of what was learned. */
  readonly version: () => number;
  readonly trees: Trees;
}

/** A forecast that is kept until its truth is known. */
interface KeptForecast {
  readonly step: number;
  readonly predictions: Float64Array;
  readonly combined: number;
  /** Whether the forecast was made from a value, and no event reaches its moment: only such forecasts are scored. */
  readonly isOrdinary: boolean;
}

/** What the trees are told of a far horizon, and what they correct. */
export interface FarTold {
  readonly horizonSteps: number;
  readonly combined: number;
  readonly typical: number;
  readonly isKnown: boolean;
  readonly features: readonly number[];
}

export type FarCorrection = ReturnType<typeof createFarCorrection>;

/**
 * Corrects the combination far ahead, at the horizons of six hours and more of a day, by what series of many families have in common:
 * boosted trees, learned when the product is built, say from what the experts predict and how they have done how far the combination
 * is mostly off. Nearer nothing changes to the bit. Measured in docs/adr/0033.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a factory that wires trees, features and horizons; each is a file of its own
export function createFarCorrection({
  inputs,
  horizons,
  localStep,
  predictionsAt,
  table,
  version,
  trees,
}: Surroundings) {
  const { context } = inputs;
  const firstFar = horizons.findIndex(({ isFar }) => isFar);
  const far = firstFar < 0 ? [] : horizons.slice(firstFar);
  const lastNear = firstFar > 0 ? horizons[firstFar - 1]!.horizonSteps : 0;
  const corrected = far.map(
    ({ horizonSteps, strideSteps }) =>
      new CorrectedHorizon(horizonSteps, strideSteps, context.shortSeasonSteps),
  );
  const features = new FarFeatures(context);
  let readVersion = -1;

  function readOrigin(): void {
    if (readVersion !== version()) features.readOrigin(inputs.step);
    readVersion = version();
  }

  /** What the trees add to the root of the combination at a far horizon; NaN where they have nothing to say yet. */
  function addedRoot(index: number, predictions: Float64Array, combined: number): number {
    const errors = corrected[index]!;
    if (!errors.isKnown) return Number.NaN;
    const { horizonSteps, weights } = far[index]!;
    readOrigin();
    features.readHorizon({
      horizonSteps,
      localSteps: localStep(horizonSteps),
      ...{ predictions, combined, weights, errors },
    });
    return errors.typical * allowedUnits(sumOfTrees(trees, features.values));
  }

  return {
    copyState(copier: StateCopier): void {
      for (const horizon of corrected) horizon.copyState(copier);
      readVersion = -1;
    },
    /** Learns from the forecasts that come due. */
    mature(step: number, truth: number): void {
      for (const [i, horizon] of corrected.entries()) if (!far[i]!.isUnproven) horizon.mature(step, truth);
    },
    /** So many steps, or as many as a correction of that many is made from. */
    stepsFor(steps: number): number {
      if (steps <= lastNear) return steps;
      return far.find(({ horizonSteps }) => horizonSteps >= steps)?.horizonSteps ?? steps;
    },
    /** The combination at the weighed horizon of a number with what the trees add; both are kept until the truth is known. */
    correct(number: number, kept: KeptForecast): number {
      const index = number - firstFar;
      const { step, predictions, combined, isOrdinary } = kept;
      if (firstFar < 0 || index < 0) return combined;
      const horizon = corrected[index]!;
      const root = Math.sqrt(combined);
      const added = addedRoot(index, predictions, combined);
      const isKept = isOrdinary && !far[index]!.isUnproven;
      horizon.keep(step, isKept ? root : Number.NaN, Math.max(0, root + added));
      const served = horizon.share * added;
      return Number.isNaN(served) || served === 0 ? combined : Math.max(0, root + served) ** 2;
    },
    /** Corrects the path that was combined: between the far horizons in proportion to its roots, nearer not at all. */
    apply(steps: number): void {
      const { combined, added } = table;
      added.fill(0, 0, steps);
      let below: Correction = { horizonSteps: Math.max(1, lastNear), share: 0, unit: 0 };
      for (let i = 0; i < far.length && below.horizonSteps < steps; i++) {
        const { horizonSteps } = far[i]!;
        const { typical: unit, share } = corrected[i]!;
        const value = combined[horizonSteps - 1]!;
        const root = addedRoot(i, predictionsAt(horizonSteps), value);
        const ofRoot = Number.isNaN(root) ? 0 : (share * root) / (Math.sqrt(value) + unit);
        const above = { horizonSteps, share: ofRoot, unit };
        correctBetween(table, below, above, Math.min(steps, horizonSteps));
        below = above;
      }
    },
    /** What the trees are told of each far horizon at this moment, after the whole path was combined, and the combination there. */
    told(): FarTold[] {
      readOrigin();
      return far.map(({ horizonSteps, weights }, i) => {
        const errors = corrected[i]!;
        const predictions = predictionsAt(horizonSteps);
        const combined = table.combined[horizonSteps - 1]! - table.added[horizonSteps - 1]!;
        const localSteps = localStep(horizonSteps);
        features.readHorizon({ horizonSteps, localSteps, predictions, combined, weights, errors });
        const { typical, isKnown } = errors;
        return { horizonSteps, combined, typical, isKnown, features: Array.from(features.values) };
      });
    },
  };
}

/** What is added at a horizon: a share of the root of the combination and one unit. */
interface Correction {
  readonly horizonSteps: number;
  readonly share: number;
  readonly unit: number;
}

/** Corrects the steps of a path after `below` and up to `last`, which is no farther than `above`. */
function correctBetween(table: PathTable, below: Correction, above: Correction, last: number): void {
  if (below.share === 0 && above.share === 0) return;
  const { combined, maxima, logs, added } = table;
  const logBelow = logs[below.horizonSteps - 1]!;
  const perLog = 1 / (logs[above.horizonSteps - 1]! - logBelow);
  for (let h = below.horizonSteps; h < last; h++) {
    const part = perLog * (logs[h]! - logBelow);
    const ordinary = combined[h]!;
    const root = Math.sqrt(ordinary);
    const share = below.share + part * (above.share - below.share);
    const change = share * (root + below.unit + part * (above.unit - below.unit));
    const value = Math.max(0, root + change) ** 2;
    combined[h] = value;
    added[h] = value - ordinary;
    maxima[h] = Math.max(maxima[h - 1]!, value);
  }
}
