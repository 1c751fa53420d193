import type { ValueWindow } from '../memory/value-window.ts';
import type { SeasonTests } from './season-test.ts';
import { type FoundSeason, findSeasons } from './seasons-found.ts';

/** Coarse means are over a 24th of the short season: an hour of a day. */
const partsPerSeason = 24;
/** Coarse means that are remembered; six weeks of hours, three cycles of a fortnight. */
const mostCoarseValues = 1024;
/** Likely periods as shares of the short season: half an hour, an hour, half a day and a day. */
const likelyShares = [1 / 48, 1 / 24, 1 / 2, 1];
/** After a week of short seasons, this many searches in a row without a season mean that there is none. */
const searchesForNone = 3;
/** Where no long season was asked for, a period of seven short ones is still likely. */
const seasonsPerWeek = 7;

export interface SeasonWatchOptions {
  readonly shortSteps: number;
  /** 0 = there is no long season. */
  readonly longSteps: number;
  readonly gridSeconds: number;
  /** Square roots of the newest values. */
  readonly sqrt: ValueWindow;
  /** Tests of single periods, in working memory that other watches may share. */
  readonly tests: SeasonTests;
}

/** Searches for the seasons of demand once in a short season. Beside the window it holds 2 KB. */
export interface SeasonWatch {
  /** Seasons that the newest search found, shortest first. */
  readonly found: readonly FoundSeason[];
  /** Whether a week has been seen and the newest searches found no season. */
  readonly isAperiodic: boolean;
  /** Takes the value of a step, in square-root space, NaN where it is missing. Steps rise, except where clocks are set back. */
  note(step: number, root: number): void;
  /** Searches if a short season has passed since the last search. Returns whether it searched. */
  search(step: number): boolean;
}

export function createSeasonWatch({
  shortSteps,
  longSteps,
  gridSeconds,
  sqrt,
  tests,
}: SeasonWatchOptions): SeasonWatch {
  const coarseSteps = Math.max(1, Math.round(shortSteps / partsPerSeason));
  const coarse = new Float16Array(mostCoarseValues).fill(Number.NaN);
  const shortSeconds = shortSteps * gridSeconds;
  const longSeconds = longSteps > 0 ? longSteps * gridSeconds : seasonsPerWeek * shortSeconds;
  const likelySeconds = [...likelyShares.map((share) => share * shortSeconds), longSeconds];
  let open = -1;
  let sum = 0;
  let count = 0;
  let searchedAt = -1;
  let searchesWithout = 0;

  /** Coarse means, oldest first, without the one that is still open. */
  function closedMeans(): Float32Array {
    const length = Math.min(open, mostCoarseValues - 1);
    return Float32Array.from({ length }, (_, i) => coarse[(open - length + i) % mostCoarseValues]!);
  }

  const noneYet: readonly FoundSeason[] = [];
  const watch = {
    found: noneYet,
    isAperiodic: false,
    note(step: number, root: number): void {
      const part = Math.floor(step / coarseSteps);
      if (part !== open) {
        open = part;
        sum = 0;
        count = 0;
      }
      if (!Number.isNaN(root)) {
        sum += root;
        count++;
      }
      coarse[part % mostCoarseValues] = 2 * count >= coarseSteps ? sum / count : Number.NaN;
    },
    search(step: number): boolean {
      if (step - searchedAt < shortSteps) return false;
      searchedAt = step;
      watch.found = findSeasons(
        {
          fine: { values: sqrt.values.subarray(sqrt.start, sqrt.end), stepSeconds: gridSeconds },
          coarse: { values: closedMeans(), stepSeconds: coarseSteps * gridSeconds },
          likelySeconds,
        },
        tests,
      );
      searchesWithout = watch.found.length > 0 ? 0 : searchesWithout + 1;
      watch.isAperiodic = searchesWithout >= searchesForNone && searchedAt >= seasonsPerWeek * shortSteps;
      return true;
    },
  };
  return watch;
}
