import { calendarOf } from '../../src/what-if/models/index.ts';
import { boundLevels, decileLevels, levels, lowLevels } from '../horizons.ts';
import { dailyNaive, persistence, weeklyNaive } from '../opponents/naive.ts';
import { streamOpponent } from '../opponents/stream.ts';
import type { Trace } from '../replay/trace.ts';
import type { Replay } from '../replay/trace-replay.ts';
import { naiveResidualBounds } from './naive-bounds.ts';
import { type BoundScore, coverageOfSpreadZeros, scoreBounds } from './score-bounds.ts';
import { type ErrorCell, scoreError } from './score-error.ts';
import { daysOf, isRising, peaksAfter, truthAt } from './truth.ts';

export interface HorizonResult {
  readonly horizonSeconds: number;
  readonly error: ErrorCell | undefined;
  /** Coverage and pinball loss of the bounds at all origins. */
  readonly bounds: BoundScore;
  /** Coverage and pinball loss of the low levels at all origins. */
  readonly low: BoundScore;
  /** Coverage of the low levels with zeros spread, by low level. */
  readonly lowOfSpreadZeros: readonly number[];
  /** Coverage and pinball of the bound levels at origins after a rise of a tenth within the hour. */
  readonly rising: BoundScore;
  /** Weighted quantile loss: 2 × mean pinball loss over the deciles ÷ mean value. */
  readonly wql: number;
  /** Pinball loss ÷ that of the better seasonal naive, which takes bounds from its own residuals; by bound level. */
  readonly lossRatios: readonly number[];
}

interface PeakScore {
  readonly windowSeconds: number;
  readonly bounds: BoundScore;
}

/** Scores of the model on one trace. */
export interface TraceResult {
  readonly name: string;
  readonly days: number;
  readonly gridSeconds: number;
  readonly origins: number;
  readonly horizons: readonly HorizonResult[];
  readonly peaks: readonly PeakScore[];
  readonly observeMicroseconds: number;
  readonly forecastMicroseconds: number;
}

const medianIndex = levels.indexOf(0.5);

export function scoreTrace(trace: Trace, replay: Replay): TraceResult {
  const { grid, history } = trace;
  const { origins, horizonsSeconds, windowsSeconds } = replay;
  const calendar = calendarOf(grid.stepSeconds);
  const naives = [persistence, dailyNaive, weeklyNaive].map((opponent) =>
    opponent.kind === 'streaming' ? streamOpponent(opponent, grid, origins, horizonsSeconds) : [],
  );
  const residualBounds = [calendar.daySteps, calendar.weekSteps].map((steps) =>
    naiveResidualBounds(grid, steps, origins),
  );
  const days = daysOf(grid, origins);
  const rising = isRising(grid, origins);

  const horizons = horizonsSeconds.map((horizonSeconds, h): HorizonResult => {
    const truth = truthAt(grid, origins, horizonSeconds / grid.stepSeconds);
    const paths = replay.paths[h]!;
    const [newest, daily, weekly] = naives.map((naive) => naive[h]!) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const column = { truth, days, persistence: newest, dailyNaive: daily, weeklyNaive: weekly };
    const pathsAt = (wanted: readonly number[]) => wanted.map((level) => paths[levels.indexOf(level)]!);
    const bounds = pathsAt(boundLevels);
    const deciles = scoreBounds(truth, pathsAt(decileLevels), decileLevels);
    return {
      horizonSeconds,
      error: scoreError({ ...column, forecast: paths[medianIndex]! }),
      bounds: scoreBounds(truth, bounds, boundLevels),
      low: scoreBounds(truth, pathsAt(lowLevels), lowLevels),
      lowOfSpreadZeros: coverageOfSpreadZeros(truth, paths, levels, lowLevels),
      rising: scoreBounds(truth, bounds, boundLevels, (i) => rising[i] === 1),
      wql: (2 * deciles.losses.reduce((sum, loss) => sum + loss, 0)) / decileLevels.length / deciles.total,
      lossRatios: lossRatios(truth, bounds, [
        addedTo(daily, residualBounds[0]!),
        addedTo(weekly, residualBounds[1]!),
      ]),
    };
  });
  const peaks = windowsSeconds.map((windowSeconds, w) => ({
    windowSeconds,
    bounds: scoreBounds(peaksAfter(history, grid, origins, windowSeconds), replay.peaks[w]!, boundLevels),
  }));
  return {
    name: trace.name,
    days: trace.days,
    gridSeconds: grid.stepSeconds,
    origins: origins.length,
    horizons,
    peaks,
    observeMicroseconds: replay.observeMicroseconds,
    forecastMicroseconds: replay.forecastMicroseconds,
  };
}

function addedTo(naive: Float64Array, residuals: readonly Float64Array[]): Float64Array[] {
  return residuals.map((column) => naive.map((value, i) => Math.max(0, value + column[i]!)));
}

/**
 * Our pinball loss divided by that of the better naive, by bound level, where all have a value. A naive that has a value at
 * fewer than three quarters of the origins of the other one (no week of history) is left out, as in the scores of the median.
 */
function lossRatios(
  truth: Float64Array,
  ours: readonly Float64Array[],
  naives: readonly (readonly Float64Array[])[],
): number[] {
  const has = (bounds: readonly Float64Array[]) => (i: number) => !Number.isNaN(bounds[0]![i]);
  const counts = naives.map((naive) => scoreBounds(truth, ours, boundLevels, has(naive)).count);
  const most = Math.max(...counts);
  const taking = naives.filter((_, n) => most > 0 && counts[n]! >= 0.75 * most);
  if (taking.length === 0) return boundLevels.map(() => Number.NaN);
  const haveAll = (i: number) => has(ours)(i) && taking.every((naive) => has(naive)(i));
  const own = scoreBounds(truth, ours, boundLevels, haveAll);
  const theirs = taking.map((naive) => scoreBounds(truth, naive, boundLevels, haveAll));
  return boundLevels.map((_, l) => own.losses[l]! / Math.min(...theirs.map((score) => score.losses[l]!)));
}
