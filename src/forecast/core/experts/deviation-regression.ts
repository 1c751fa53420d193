import { NormalEquations } from '../arithmetic/normal-equations.ts';

/** Steps back at which a deviation is a feature of the next one: an hour of five-minute steps. */
const lags = [1, 2, 3, 6, 12];
const longestLag = 12;
const ridge = 0.01;
/** An old row has half its weight after this many short seasons. */
const halfLifeSeasons = 4;
const solveEverySteps = 12;

/** An autoregression on how far demand is from what a season says. */
export interface DeviationRegression {
  /** False until there were enough rows; the coefficients are 0 until then. */
  readonly isSolved: boolean;
  /** Learns from the deviations up to `index`, the newest that is settled. */
  learn(index: number): void;
  /** Writes the deviations at `end`, `end` + 1, … to the first `steps` elements of `into`. */
  predict(into: Float64Array, steps: number, end: number): void;
}

export interface DeviationRegressionOptions {
  readonly shortSeasonSteps: number;
  /** Rows before the first solution. */
  readonly enoughRows: number;
  /** The deviation of the value at an index of the window, a difference of square roots. */
  readonly deviationAt: (index: number) => number;
  /** The features of one row. */
  readonly row: Float64Array;
}

/** Number of values before an index that the regression reads. */
export const deviationsRead = longestLag;

/** The scratch of a regression's features. */
export function createDeviationRow(): Float64Array {
  return new Float64Array(lags.length);
}

/** Creates a regression that has learned nothing, with coefficients shrunk towards 0. */
export function createDeviationRegression(options: DeviationRegressionOptions): DeviationRegression {
  const { deviationAt, enoughRows, row } = options;
  const equations = new NormalEquations(
    lags.map(() => 0),
    ridge,
    halfLifeSeasons * options.shortSeasonSteps,
  );
  const { coefficients } = equations;

  /** The largest deviation within the hour; coefficients that explode do no harm when predictions stay within it. */
  function largestBefore(end: number): number {
    let largest = 0;
    for (let back = 1; back <= longestLag; back++) {
      largest = Math.max(largest, Math.abs(deviationAt(end - back)));
    }
    return largest;
  }

  const regression = {
    isSolved: false,
    learn(index: number): void {
      for (let i = 0; i < lags.length; i++) row[i] = deviationAt(index - lags[i]!);
      equations.add(row, deviationAt(index));
      if (equations.rows < enoughRows) return;
      if (regression.isSolved && equations.rows % solveEverySteps !== 0) return;
      equations.solve();
      regression.isSolved = true;
    },
    predict(into: Float64Array, steps: number, end: number): void {
      const largest = largestBefore(end);
      for (let h = 0; h < steps; h++) {
        let sum = 0;
        for (let i = 0; i < lags.length; i++) {
          const lag = lags[i]!;
          sum += coefficients[i]! * (lag > h ? deviationAt(end + h - lag) : into[h - lag]!);
        }
        into[h] = Math.min(largest, Math.max(-largest, sum));
      }
    },
  };
  return regression;
}
