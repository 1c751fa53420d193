import type { Lengths } from '../clock/lengths.ts';
import type { Scratch } from '../memory/scratch.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import type { ValueWindow } from '../memory/value-window.ts';
import type { SeasonPattern } from './season-pattern.ts';
import { createSeasonTests } from './season-test.ts';
import { findSeasons } from './seasons-found.ts';

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

type Watched = Readonly<{ sqrt: ValueWindow; pattern: SeasonPattern; scratch: Scratch }>;

/** Searches for the seasons of demand once in a short season. Beside the window it holds 2 KB. */
export class SeasonWatch {
  /** Seasons that the newest search found, grid steps, shortest first. */
  foundSteps: readonly number[] = [];
  /** Whether a week has been seen and the newest searches found no season. */
  isAperiodic = false;
  readonly #lengths: Lengths;
  readonly #watched: Watched;
  /** Means over `#coarseSteps` steps each, a ring; the newest, which is still open, is number `#open`. */
  readonly #coarse = new Float16Array(mostCoarseValues).fill(Number.NaN);
  readonly #coarseSteps: number;
  #open = -1;
  #sum = 0;
  #count = 0;
  #searchedAt = -1;
  #searchesWithout = 0;

  /** `sqrt`: square roots of the newest values; `pattern` is kept in step with what is found. */
  constructor(lengths: Lengths, watched: Watched) {
    this.#lengths = lengths;
    this.#watched = watched;
    this.#coarseSteps = Math.max(1, Math.round(lengths.shortSteps / partsPerSeason));
  }

  copyState(copier: StateCopier): void {
    const found = [...this.foundSteps];
    copier.list(found);
    this.foundSteps = found;
    this.isAperiodic = copier.flag(this.isAperiodic);
    copier.numbers(this.#coarse);
    this.#open = copier.number(this.#open);
    this.#sum = copier.number(this.#sum);
    this.#count = copier.number(this.#count);
    this.#searchedAt = copier.number(this.#searchedAt);
    this.#searchesWithout = copier.number(this.#searchesWithout);
  }

  /** Takes the value of a step, in square-root space, NaN where it is missing. Steps rise, except where clocks are set back. */
  note(step: number, root: number): void {
    const part = Math.floor(step / this.#coarseSteps);
    if (part !== this.#open) {
      this.#open = part;
      this.#sum = 0;
      this.#count = 0;
    }
    if (!Number.isNaN(root)) {
      this.#sum += root;
      this.#count++;
    }
    const isKnown = 2 * this.#count >= this.#coarseSteps;
    this.#coarse[part % mostCoarseValues] = isKnown ? this.#sum / this.#count : Number.NaN;
  }

  /** Searches if so many short seasons have passed since the last search. Returns whether it searched. */
  search(step: number, everySeasons = 1): boolean {
    const { shortSteps, longSteps, gridSeconds } = this.#lengths;
    const isUndecided = this.#searchesWithout > 0 && !this.isAperiodic;
    if (step - this.#searchedAt < (isUndecided ? 1 : everySeasons) * shortSteps) return false;
    this.#searchedAt = step;
    const { sqrt, pattern, scratch } = this.#watched;
    const shortSeconds = shortSteps * gridSeconds;
    const longSeconds = longSteps > 0 ? longSteps * gridSeconds : seasonsPerWeek * shortSeconds;
    const search = {
      fine: { values: sqrt.values.subarray(sqrt.start, sqrt.end), stepSeconds: gridSeconds },
      coarse: { values: this.#closedMeans(), stepSeconds: this.#coarseSteps * gridSeconds },
      likelySeconds: [...likelyShares.map((share) => share * shortSeconds), longSeconds],
    };
    const found = findSeasons(search, scratch.of(createSeasonTests));
    this.#searchesWithout = found.length > 0 ? 0 : this.#searchesWithout + 1;
    this.isAperiodic = this.#searchesWithout >= searchesForNone && step >= seasonsPerWeek * shortSteps;
    this.foundSteps = found.map(({ seconds }) => Math.round(seconds) / gridSeconds);
    const periods = found.map(({ seconds }) => seconds / gridSeconds);
    // With no season at all the pattern is the level.
    if (this.isAperiodic || !haveExperts(this.foundSteps, this.#lengths)) pattern.follow(periods, sqrt, step);
    else pattern.forget();
    return true;
  }

  /** Coarse means, oldest first, without the one that is still open. */
  #closedMeans(): Float64Array {
    const length = Math.min(this.#open, mostCoarseValues - 1);
    const means = new Float64Array(length);
    for (let i = 0; i < length; i++) means[i] = this.#coarse[(this.#open - length + i) % mostCoarseValues]!;
    return means;
  }
}

/** Experts of the day and the week follow those two, and a day also repeats its parts. */
function haveExperts(foundSteps: readonly number[], { shortSteps, longSteps }: Lengths): boolean {
  const hasDay = foundSteps.includes(shortSteps);
  return foundSteps.every(
    (steps) => steps === shortSteps || steps === longSteps || (hasDay && shortSteps % steps === 0),
  );
}
