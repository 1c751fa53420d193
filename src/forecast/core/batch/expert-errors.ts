import type { Backtest } from './backtest.ts';
import type { Prepared } from './prepared.ts';

/** Horizons are scored in groups that end at these shares of a season, and at the farthest horizon. */
const groupEnds = [1 / 8, 1 / 4, 1 / 2, 1, 3 / 2, 2];
/** An error below this, as a share of the mean value, is rounding. */
export const noError = 1e-7;

/** Errors of the experts of one series in a backtest, by group of horizons. */
export interface ExpertErrors {
  readonly horizonSteps: number;
  /** The farthest horizon of each group, rising; the last is `horizonSteps`. */
  readonly ends: readonly number[];
  /** Position in `groupEnds` of each group; what lies beyond the last is at the last. */
  readonly places: readonly number[];
  /**
   * Mean absolute error ÷ that of the reference at the same origins, by expert and group: an expert that was not available at
   * some origins does not gain from having missed a hard day. Undefined for an expert without any score.
   */
  readonly ratios: readonly (readonly number[] | undefined)[];
  /** Mean absolute errors of the reference by group; NaN where no value was observed. */
  readonly ofReference: readonly number[];
}

/** Logarithm of an expert's error ÷ the geometric mean of all experts', by expert and position in `groupEnds`; NaN = not known. */
export type RelativeErrors = readonly (readonly number[])[];

/** Scores the experts at the origins of a backtest; `reference` is the number of the expert that is always available. */
export function errorsOf(
  { origins, paths, horizonSteps }: Backtest,
  { values, isObserved }: Prepared,
  season: number,
  reference: number,
): ExpertErrors {
  const { ends, places } = groupsOf(season, horizonSteps);
  /** Errors of an expert at the origins where another expert was available too. */
  const meanErrors = (expert: number, other: number): number[] => {
    const sums = ends.map(() => 0);
    const counts = ends.map(() => 0);
    origins.forEach((origin, o) => {
      const path = paths[expert]![o];
      if (path === undefined || paths[other]![o] === undefined) return;
      let group = 0;
      for (let h = 0; h < horizonSteps && origin + h < values.length; h++) {
        while (group < ends.length - 1 && h >= ends[group]!) group++;
        if (isObserved[origin + h] === 0) continue;
        sums[group]! += Math.abs(path[h]! - values[origin + h]!);
        counts[group]! += 1;
      }
    });
    return sums.map((sum, g) => sum / counts[g]!);
  };
  const ratios = paths.map((_ofExpert, expert) => {
    const beside = meanErrors(reference, expert);
    const found = meanErrors(expert, reference).map((error, g) => (error + noError) / (beside[g]! + noError));
    const scored = found.filter((ratio) => !Number.isNaN(ratio));
    if (scored.length === 0) return undefined;
    const usual = scored.reduce((sum, ratio) => sum + ratio, 0) / scored.length;
    return found.map((ratio) => (Number.isNaN(ratio) ? usual : ratio));
  });
  return { horizonSteps, ends, places, ratios, ofReference: meanErrors(reference, reference) };
}

/** Errors of the experts of one series, each relative to the mean of those that were scored. */
export function relativeErrors({ ratios, places }: ExpertErrors): RelativeErrors {
  const relative = ratios.map(() => new Array<number>(groupEnds.length).fill(Number.NaN));
  places.forEach((place, group) => {
    const logs = ratios.map((ofExpert) => Math.log(ofExpert?.[group] ?? Number.NaN));
    const middle = meanOfKnown(logs);
    logs.forEach((log, e) => {
      relative[e]![place] = log - middle;
    });
  });
  return relative;
}

/** Mean of the numbers that are not NaN; NaN where there is none. */
export function meanOfKnown(numbers: readonly number[]): number {
  const known = numbers.filter((number) => !Number.isNaN(number));
  return known.reduce((sum, number) => sum + number, 0) / known.length;
}

function groupsOf(season: number, horizonSteps: number): Pick<ExpertErrors, 'ends' | 'places'> {
  const shares = groupEnds.map((share) => Math.round(share * season));
  const within = shares.filter((end) => end > 0 && end < horizonSteps);
  const ends = [...new Set([...within, horizonSteps])];
  const last = groupEnds.length - 1;
  const places = ends.map((end) => {
    const place = shares.findIndex((share) => share >= end);
    return place < 0 ? last : place;
  });
  return { ends, places };
}
