import type { StateCopier } from '../memory/state-copier.ts';
import type { ValueWindow } from '../memory/value-window.ts';
import { DailyMaxima } from './daily-maxima.ts';
import { RememberedSpikes } from './remembered-spikes.ts';

/** A spike is more than this many median deviations above the median of its neighbours. */
const farDeviations = 8;
/** The median deviation counts as at least this share of the median. */
const leastDeviationRatio = 0.02;
/** Fewer neighbours than this have no meaningful median. */
const fewestNeighbours = 5;
/** A spike is searched only among so many neighbours; with more of them a level shift would be cut. */
const mostNeighbours = 64;
/** A root above this many times the highest of four weeks (half as much demand again) is not credible at once. */
const credibleRatio = Math.sqrt(1.5);
/** A spike is a habit when demand was as high a season ago, this many steps earlier or later. */
const slackSteps = 2;

/**
 * Keeps spikes out of what experts see, in square-root space, in two ways. Demand far above everything of four weeks is
 * shown at once as the highest that is credible, for `aroundSteps` at most: after that it is no spike but a level. And once
 * `aroundSteps` have passed, a value far above the median of so many steps before and after it is cut in the window.
 * Neither happens where the same came at this time a season ago, because a habit begins as a spike.
 */
export class Spikes {
  readonly #series: ValueWindow;
  readonly #aroundSteps: number;
  readonly #seasonsSteps: readonly number[];
  readonly #daySteps: number;
  readonly #maxima: DailyMaxima;
  readonly #remembered = new RememberedSpikes();
  /** Number of neighbours of a value, itself included; 0 where they are too few or too many. */
  readonly #neighbourCount: number;
  #incredibleSteps = 0;

  /** `aroundSteps` 0: no spike is ever cut. */
  constructor(series: ValueWindow, aroundSteps: number, shortSeasonSteps: number, longSeasonSteps: number) {
    this.#series = series;
    this.#aroundSteps = aroundSteps;
    this.#daySteps = shortSeasonSteps;
    this.#seasonsSteps = [shortSeasonSteps, longSeasonSteps].filter((steps) => steps > 0);
    this.#maxima = new DailyMaxima(shortSeasonSteps);
    const count = 2 * aroundSteps + 1;
    this.#neighbourCount = count >= fewestNeighbours && count <= mostNeighbours ? count : 0;
  }

  copyState(copier: StateCopier): void {
    this.#maxima.copyState(copier);
    this.#remembered.copyState(copier);
    this.#incredibleSteps = copier.number(this.#incredibleSteps);
  }

  /** The root that experts are shown for the newest value. Two days must have been seen before a value is incredible. */
  credible(step: number, root: number): number {
    const limit = credibleRatio * this.#maxima.highest;
    if (this.#aroundSteps === 0 || step < 2 * this.#daySteps || limit === 0 || root <= limit) {
      this.#incredibleSteps = 0;
      return root;
    }
    const usual = this.#highestSeasonsAgo(this.#series.end, step);
    this.#incredibleSteps++;
    if (this.#incredibleSteps > this.#aroundSteps || root <= credibleRatio * usual) return root;
    this.#remembered.add(step, root);
    return Math.max(limit, usual);
  }

  /** To be called when the value of `step` has been pushed: cuts the value that came `aroundSteps` earlier if it is a spike. */
  cut(step: number): void {
    const { values, start, end } = this.#series;
    const around = this.#aroundSteps;
    const index = end - 1 - around;
    if (around === 0 || index < start) return;
    const root = values[index]!;
    const limit = this.#limitAround(index);
    if (root > limit) {
      const credible = Math.max(limit, this.#highestSeasonsAgo(index, step - around));
      if (root > credible) {
        this.#series.set(index, credible);
        this.#remembered.add(step - around, root);
      }
    }
    this.#maxima.note(step - around, values[index]!);
  }

  /** The highest root that the steps on both sides make credible; Infinity where there are too few or too many of them. */
  #limitAround(index: number): number {
    const { values, start } = this.#series;
    const count = this.#neighbourCount;
    const from = index - this.#aroundSteps;
    if (count === 0 || from < start) return Number.POSITIVE_INFINITY;
    // Counting the neighbours that the value is not far above costs less than sorting them: where most are, the median is one of them.
    const root = values[index]!;
    let near = 0;
    for (let i = 0; i < count; i++) near += Number(root <= leastLimit(values[from + i]!));
    if (near >= count - (count >> 1)) return Number.POSITIVE_INFINITY;
    for (let i = 0; i < count; i++) neighbours[i] = values[from + i]!;
    const median = sortedMiddle(count);
    const least = leastDeviationRatio * median;
    for (let i = 0; i < count; i++) neighbours[i] = Math.abs(values[from + i]! - median);
    return median + farDeviations * Math.max(sortedMiddle(count), least);
  }

  /** The highest root near this time one season ago, as it was before spikes were cut. */
  #highestSeasonsAgo(index: number, step: number): number {
    const { values, start } = this.#series;
    let highest = 0;
    for (const season of this.#seasonsSteps) {
      const middle = index - season;
      for (let at = Math.max(start, middle - slackSteps); at <= middle + slackSteps; at++) {
        highest = Math.max(highest, values[at]!);
      }
      highest = Math.max(highest, this.#remembered.highestNear(step - season, slackSteps));
    }
    return highest;
  }
}

/** The highest root beside this median that is no spike, whatever the median deviation is. */
const leastLimit = (median: number) => median + farDeviations * (leastDeviationRatio * median);

/** The neighbours of one value, which are read in the call that writes them and in no other. */
const neighbours = new Float64Array(mostNeighbours);

/** Sorts the first `count` neighbours, few of them and nearly in order, by insertion and returns the one in the middle. */
function sortedMiddle(count: number): number {
  for (let i = 1; i < count; i++) {
    const value = neighbours[i]!;
    let at = i;
    for (; at > 0 && neighbours[at - 1]! > value; at--) neighbours[at] = neighbours[at - 1]!;
    neighbours[at] = value;
  }
  return neighbours[count >> 1]!;
}
