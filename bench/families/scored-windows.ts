import { type Backtest, runBacktest } from '../../src/forecast/core/batch/backtest.ts';
import { candidates, referenceName } from '../../src/forecast/core/batch/candidates.ts';
import { weighExperts } from '../../src/forecast/core/batch/combination.ts';
import {
  type ExpertErrors,
  errorsOf,
  type RelativeErrors,
} from '../../src/forecast/core/batch/expert-errors.ts';
import { prepare } from '../../src/forecast/core/batch/prepared.ts';
import { drawnTowards } from '../../src/forecast/core/batch/shared-errors.ts';
import { createScratch } from '../../src/forecast/core/index.ts';
import { scoreHourly } from '../hourly/hourly-score.ts';
import { cutWindows, horizonSteps, hourSeconds, type WindowCuts } from '../hourly/windows.ts';
import { withoutGaps } from '../opponents/window.ts';
import { onGrid, type Trace } from '../replay/trace.ts';
import { familyOf } from './families.ts';

const seasonSteps = 24;
const reference = Object.keys(candidates).indexOf(referenceName);
const scratch = createScratch();

/** One window of hours of a trace, and how the experts of `forecastSeries` did in it before the hours to forecast. */
export interface ScoredWindow {
  readonly trace: string;
  readonly family: string;
  readonly errors: ExpertErrors;
  /** MASE of the forecast with the errors as they are, or drawn towards what is shared. */
  mase(shared: RelativeErrors | undefined): number;
}

/** The windows of a trace in which values differ. */
export function scoredWindows({ name, history }: Trace, cuts: WindowCuts): ScoredWindow[] {
  return cutWindows(onGrid(history, hourSeconds).values, cuts).flatMap((window) => {
    const past = withoutGaps(window.subarray(0, window.length - horizonSteps));
    const prepared = prepare(past, seasonSteps);
    if (prepared.lowest === prepared.highest) return [];
    const seasons = { shortSteps: seasonSteps, longSteps: 7 * seasonSteps };
    const backtest = runBacktest(prepared, seasons, horizonSteps, Object.values(candidates), scratch);
    const errors = errorsOf(backtest, prepared, seasonSteps, reference);
    const truth = window.subarray(window.length - horizonSteps);
    const mase = (shared: RelativeErrors | undefined): number => {
      const used = shared === undefined ? errors : drawnTowards(shared, errors);
      const median = medianOf(backtest, used).map((value) => prepared.base + prepared.scale * value);
      return scoreHourly(past, truth, median, seasonSteps).mase;
    };
    return [{ trace: name, family: familyOf(name), errors, mase }];
  });
}

function medianOf(backtest: Backtest, errors: ExpertErrors): Float64Array {
  return weighExperts(errors, reference)(backtest.paths.map((ofExpert) => ofExpert.at(-1)));
}
