import { NormalEquations } from '../arithmetic/normal-equations.ts';
import { GrowingNumbers } from '../memory/scratch.ts';
import type { SlotMeans } from '../memory/slot-means.ts';
import type { ValueWindow } from '../memory/value-window.ts';
import type { Expert, ExpertContext } from './expert.ts';
import type { Space } from './spaces.ts';

/** Old rows lose half their weight in this many short seasons. */
const halfLifeSeasons = 14;
/** The coefficients move slowly, so that solving at every row would gain nothing. */
const solveEverySteps = 12;
/** Steps before the target, the target itself included, at which what is usual is a feature. `addUsual` adds them, one after the other. */
const usualOffsets: readonly [number, number, number, number] = [0, 1, 2, 3];
/** Number of coefficients that one season of usual demand has. */
export const usualFeatures = usualOffsets.length;
/** A prediction leaves the range that was observed by at most this share of it, in the regression's space. */
const headroom = 0.2;

export interface LaggedRegression {
  readonly space: Space;
  /** Numbers of steps before the target whose values are features, rising. */
  readonly lags: readonly number[];
  /** What is usual at the target and one, two and three steps before it is a feature, for each of these. */
  readonly usual?: readonly SlotMeans[];
  readonly ridge: number;
  /** What the coefficients of the lags, then of what is usual, are shrunk towards; 0 beyond its length. */
  readonly prior?: readonly number[];
}

/**
 * Regression of a value on earlier ones and on what is usual: least squares with exponential forgetting and a ridge, kept
 * as normal equations that one row updates in O(p²) and that are solved every hour of five-minute rows. Nothing winds up
 * as in recursive least squares. It predicts recursively and stays near the range that was observed.
 */
export function createLaggedRegression(context: ExpertContext, options: LaggedRegression): Expert {
  const { space, lags, usual = [], ridge, prior = [] } = options;
  const { settleSteps } = context;
  const scratch = context.scratch.of(createScratchNumbers);
  const series = context.window(space);
  const longestLag = lags.at(-1) ?? 0;
  const count = lags.length + usual.length * usualFeatures;
  const wholePrior = Array.from({ length: count + 1 }, (_, i) => prior[i] ?? 0);
  const halfLifeRows = halfLifeSeasons * context.shortSeasonSteps;
  const equations = new NormalEquations(wholePrior, ridge, halfLifeRows, context.scratch);
  const enough = Math.max(2 * (count + 1), Math.floor(context.shortSeasonSteps / 2));
  const { coefficients } = equations;
  let newestStep = -1;
  let mean = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  let isSolved = false;

  function addRow(step: number, index: number): void {
    if (equations.rows === 0) mean = windowMean(series);
    const row = scratch.row.atLeast(count + 1);
    fillRow(row, options, series.values, { step, index, mean });
    equations.add(row, series.values[index]! - mean);
    if (equations.rows >= enough && (equations.rows % solveEverySteps === 0 || !isSolved)) {
      equations.solve();
      isSolved = true;
    }
  }

  return {
    copyState(copier) {
      equations.copyState(copier);
      newestStep = copier.number(newestStep);
      mean = copier.number(mean);
      lowest = copier.number(lowest);
      highest = copier.number(highest);
      isSolved = copier.flag(isSolved);
    },
    learn(step, _isObserved, isSettledObserved) {
      newestStep = step;
      if (count === 0 || !isSettledObserved) return;
      const index = series.end - 1 - settleSteps;
      const settled = series.values[index]!;
      lowest = Math.min(lowest, settled);
      highest = Math.max(highest, settled);
      if (index - series.start < longestLag) return;
      for (const means of usual) if (!means.isFull) return;
      addRow(step - settleSteps, index);
    },
    predict(into, { farthest: steps }) {
      if (!isSolved) return false;
      let constant = coefficients[count]! + mean;
      for (let i = 0; i < count; i++) constant -= coefficients[i]! * mean;
      into.fill(constant, 0, steps);
      addKnown(into, steps, lags, coefficients, series);
      for (let i = 0; i < usual.length; i++) {
        const first = lags.length + i * usualFeatures;
        addUsual(into, steps, { usual: usual[i]!, step: newestStep + 1, space }, coefficients, first);
      }
      const slack = headroom * (highest - lowest);
      addPredicted(into, steps, lags, coefficients, [lowest - slack, highest + slack]);
      for (let h = 0; h < steps; h++) into[h] = Math.max(0, space.toValue(into[h]!));
      return true;
    },
  };
}

/** Writes the features of the value of a step, at an index of the window: lags, what is usual, and 1 for the constant. */
function fillRow(
  row: Float64Array,
  { space, lags, usual = [] }: LaggedRegression,
  values: Float32Array,
  { step, index, mean }: { readonly step: number; readonly index: number; readonly mean: number },
): void {
  for (let i = 0; i < lags.length; i++) row[i] = values[index - lags[i]!]! - mean;
  let at = lags.length;
  for (const means of usual) {
    for (const offset of usualOffsets) row[at++] = space.fromRoot(means.at(step - offset)) - mean;
  }
  row[at] = 1;
}

const createScratchNumbers = () => ({ row: new GrowingNumbers() });

/** Adds what known values contribute, one lag after the other, or two at a time where both reach beyond the path. */
function addKnown(
  into: Float64Array,
  steps: number,
  lags: readonly number[],
  coefficients: Float64Array,
  { values, end }: ValueWindow,
): void {
  let i = 0;
  for (; i < lags.length && lags[i]! < steps; i++)
    addKnownLag(into, lags[i]!, coefficients[i]!, values, end - lags[i]!);
  for (; i + 1 < lags.length; i += 2) {
    const a = coefficients[i]!;
    const b = coefficients[i + 1]!;
    const first = end - lags[i]!;
    const second = end - lags[i + 1]!;
    for (let h = 0; h < steps; h++) into[h] = into[h]! + a * values[first + h]! + b * values[second + h]!;
  }
  if (i < lags.length) addKnownLag(into, steps, coefficients[i]!, values, end - lags[i]!);
}

function addKnownLag(
  into: Float64Array,
  steps: number,
  coefficient: number,
  values: Float32Array,
  first: number,
): void {
  for (let h = 0; h < steps; h++) into[h]! += coefficient * values[first + h]!;
}

/** Adds what is usual along the path, and at the steps before each; `feature` is the first coefficient. */
function addUsual(
  into: Float64Array,
  steps: number,
  { usual, step, space }: { readonly usual: SlotMeans; readonly step: number; readonly space: Space },
  coefficients: Float64Array,
  feature: number,
): void {
  const { seasonSteps } = usual;
  const at = (back: number) => space.fromRoot(usual.at(step - back));
  const a = coefficients[feature]!;
  const b = coefficients[feature + 1]!;
  const c = coefficients[feature + 2]!;
  const d = coefficients[feature + 3]!;
  let before = at(1);
  let beforeThat = at(2);
  let earliest = at(3);
  for (let h = 0, slot = step % seasonSteps; h < steps; h++) {
    const here = space.fromRoot(usual.ofSlot(slot));
    into[h] = into[h]! + a * here + b * before + c * beforeThat + d * earliest;
    earliest = beforeThat;
    beforeThat = before;
    before = here;
    if (++slot === seasonSteps) slot = 0;
  }
}

/** Adds what is predicted for earlier steps of the path, by lags (rising) that reach into it, and keeps the path in a range. */
function addPredicted(
  into: Float64Array,
  steps: number,
  lags: readonly number[],
  coefficients: Float64Array,
  [lowest, highest]: readonly [number, number],
): void {
  for (let h = 0; h < steps; h++) {
    let sum = into[h]!;
    for (let i = 0; i < lags.length; i++) {
      const lag = lags[i]!;
      if (lag > h) break;
      sum += coefficients[i]! * into[h - lag]!;
    }
    into[h] = Math.min(highest, Math.max(lowest, sum));
  }
}

function windowMean({ values, start, end }: ValueWindow): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += values[i]!;
  return sum / (end - start);
}
