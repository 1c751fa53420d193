import { NormalEquations } from '../arithmetic/normal-equations.ts';
import { GrowingNumbers } from '../memory/scratch.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import type { ExpertContext } from './expert.ts';

/** Steps back at which a deviation is a feature of the next one, up to an hour of five-minute steps. `predict` adds five. */
const lags: readonly [number, number, number, number, number] = [1, 2, 3, 6, 12];
const ridge = 0.01;
/** An old row has half its weight after this many short seasons. */
const halfLifeSeasons = 4;
const solveEverySteps = 12;

/** Number of deviations before an index that the regression reads. */
export const deviationsRead = Math.max(...lags);

export type DeviationRegression = ReturnType<typeof createDeviationRegression>;

/**
 * Creates an autoregression on how far demand is from a season's prediction, the deviation, with coefficients shrunk towards
 * 0. `enoughRows`: rows before the first solution. `deviationAt`: the deviation of the value at an index of the window, a
 * difference of square roots.
 */
export function createDeviationRegression(
  { shortSeasonSteps, scratch }: Pick<ExpertContext, 'shortSeasonSteps' | 'scratch'>,
  enoughRows: number,
  deviationAt: (index: number) => number,
) {
  const { row, deviations } = scratch.of(createWork);
  const halfLifeRows = halfLifeSeasons * shortSeasonSteps;
  const equations = new NormalEquations(Array(lags.length).fill(0), ridge, halfLifeRows, scratch);
  const { coefficients } = equations;

  const regression = {
    /** False until there were enough rows; the coefficients are 0 until then. */
    isSolved: false,
    copyState(copier: StateCopier): void {
      regression.isSolved = copier.flag(regression.isSolved);
      equations.copyState(copier);
    },
    /** Learns from the deviations up to `index`, the newest that is settled. */
    learn(index: number): void {
      for (let i = 0; i < lags.length; i++) row[i] = deviationAt(index - lags[i]!);
      equations.add(row, deviationAt(index));
      if (equations.rows < enoughRows) return;
      if (regression.isSolved && equations.rows % solveEverySteps !== 0) return;
      equations.solve();
      regression.isSolved = true;
    },
    /** Writes the deviations at `end`, `end` + 1, … to the first `steps` elements of `into`. */
    predict(into: Float64Array, steps: number, end: number): void {
      const [lagA, lagB, lagC, lagD, lagE] = lags;
      const a = coefficients[0]!;
      const b = coefficients[1]!;
      const c = coefficients[2]!;
      const d = coefficients[3]!;
      const e = coefficients[4]!;
      // Known deviations and predicted ones in a row, in which a lag is an index.
      const along = deviations.atLeast(deviationsRead + steps);
      // Coefficients that explode do no harm when predictions stay within the largest deviation of the last hour.
      let largest = 0;
      for (let at = 0; at < deviationsRead; at++) {
        const deviation = deviationAt(end - deviationsRead + at);
        along[at] = deviation;
        largest = Math.max(largest, Math.abs(deviation));
      }
      for (let h = 0, at = deviationsRead; h < steps; h++, at++) {
        // The newest deviation last: a processor can add the others before it is known.
        const sum =
          e * along[at - lagE]! +
          d * along[at - lagD]! +
          c * along[at - lagC]! +
          b * along[at - lagB]! +
          a * along[at - lagA]!;
        const deviation = Math.min(largest, Math.max(-largest, sum));
        along[at] = deviation;
        into[h] = deviation;
      }
    },
  };
  return regression;
}

const createWork = () => ({ row: new Float64Array(lags.length), deviations: new GrowingNumbers() });
