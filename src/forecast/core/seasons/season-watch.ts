import type { SeriesWindow } from '../memory/value-window.ts';
import { type FoundSeason, findSeasons } from './seasons-found.ts';

/** Means over a 24th of the short season, an hour of a day; so many of them are six weeks, three cycles of a fortnight. */
const partsPerSeason = 24;
const mostCoarseValues = 1024;
/** A half hour, an hour, half a day and a day, as shares of the short season. */
const likelyShares = [1 / 48, 1 / 24, 1 / 2, 1];
/** After a week of short seasons, so many searches in a row that find nothing say that there is nothing. */
const searchesForNone = 3;
/** Where no long season was wished for, a week of short ones is likely all the same. */
const seasonsPerWeek = 7;

export interface SeasonWatchOptions {
  readonly shortSteps: number;
  /** 0 = there is none. */
  readonly longSteps: number;
  readonly gridSeconds: number;
  /** Square roots of the newest values. */
  readonly sqrt: SeriesWindow;
}

/** Looks once in a short season for the seasons of what came; holds what it needs beside the window, 2 KB. */
export interface SeasonWatch {
  /** Those found lately, shortest first. */
  readonly found: readonly FoundSeason[];
  /** A week has been seen, and lately there was no season in it. */
  readonly isAperiodic: boolean;
  /** The value of a step, in square-root space, NaN where it is missing. Steps rise, but where clocks are set back. */
  note(step: number, root: number): void;
  /** Looks, where a short season has passed since the last time. True = it did. */
  search(step: number): boolean;
}

export function createSeasonWatch({
  shortSteps,
  longSteps,
  gridSeconds,
  sqrt,
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

  /** Oldest first; what is open is part of a mean and is left out. */
  function closedMeans(): Float32Array {
    const length = Math.min(open, mostCoarseValues - 1);
    return Float32Array.from({ length }, (_, i) => coarse[(open - length + i) % mostCoarseValues] ?? 0);
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
      watch.found = findSeasons({
        fine: { values: sqrt.values.subarray(sqrt.start, sqrt.end), stepSeconds: gridSeconds },
        coarse: { values: closedMeans(), stepSeconds: coarseSteps * gridSeconds },
        likelySeconds,
      });
      searchesWithout = watch.found.length > 0 ? 0 : searchesWithout + 1;
      watch.isAperiodic = searchesWithout >= searchesForNone && searchedAt >= seasonsPerWeek * shortSteps;
      return true;
    },
  };
  return watch;
}
