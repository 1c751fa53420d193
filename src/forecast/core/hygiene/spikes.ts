import type { SeriesWindow } from '../memory/value-window.ts';

/** A spike stands out by so many median deviations, of values that differ by this share at least. */
const farDeviations = 8;
const leastDeviationRatio = 0.02;
/** A root above so many times the highest of four weeks (half as much demand again) has never been there. */
const credibleRatio = Math.sqrt(1.5);
const days = 28;
/** The same moment of an earlier season may have been so many steps earlier or later. */
const slackSteps = 2;
/** Spikes that are remembered as they were: an hour of them each day for two weeks. */
const mostRemembered = 168;
const mostNeighbours = 64;
/** Scratch of one call. */
const neighbours = new Float64Array(mostNeighbours);

/**
 * Keeps spikes out of what experts see, in square-root space. At once, what is far above all that was there in four weeks
 * is shown as the highest that is credible, for as long as `aroundSteps`: then it is no spike but a level. And once
 * `aroundSteps` have passed, what is far above the median of so many steps before and after it is cut in what is
 * remembered. Neither where the same came at this moment a season ago: a habit begins as a spike.
 */
export class Spikes {
  readonly #series: SeriesWindow;
  readonly #aroundSteps: number;
  readonly #seasonsSteps: readonly number[];
  readonly #daySteps: number;
  readonly #highestOfDay: number[] = Array.from({ length: days }, () => 0);
  #highest = 0;
  #day = 0;
  #incredibleSteps = 0;
  // What was shown or remembered lower than it was, as it was.
  readonly #steps: number[] = [];
  readonly #roots: number[] = [];
  #next = 0;

  /** `aroundSteps` 0: nothing is ever kept out. */
  constructor(series: SeriesWindow, aroundSteps: number, shortSeasonSteps: number, longSeasonSteps: number) {
    this.#series = series;
    this.#aroundSteps = aroundSteps;
    this.#daySteps = shortSeasonSteps;
    this.#seasonsSteps = [shortSeasonSteps, longSeasonSteps].filter((steps) => steps > 0);
  }

  /** What experts are shown of the newest value. Two days must have been seen before anything is incredible. */
  credible(step: number, root: number): number {
    const limit = credibleRatio * this.#highest;
    if (this.#aroundSteps === 0 || step < 2 * this.#daySteps || limit === 0 || root <= limit) {
      this.#incredibleSteps = 0;
      return root;
    }
    const usual = this.#highestSeasonsAgo(this.#series.end, step);
    this.#incredibleSteps++;
    if (this.#incredibleSteps > this.#aroundSteps || root <= credibleRatio * usual) return root;
    this.#remember(step, root);
    return Math.max(limit, usual);
  }

  /** The newest value has been pushed: looks at the one that `aroundSteps` have passed since. */
  cut(step: number): void {
    const { values, start, end } = this.#series;
    const around = this.#aroundSteps;
    const index = end - 1 - around;
    if (around === 0 || index < start) return;
    const root = values[index] ?? 0;
    const limit = this.#limitAround(index);
    if (root > limit) {
      const credible = Math.max(limit, this.#highestSeasonsAgo(index, step - around));
      if (root > credible) {
        values[index] = credible;
        this.#remember(step - around, root);
      }
    }
    this.#note(step - around, values[index] ?? 0);
  }

  /** What the steps on both sides make credible; Infinity where there are too few or too many of them. */
  #limitAround(index: number): number {
    const { values, start } = this.#series;
    const from = index - this.#aroundSteps;
    const count = 2 * this.#aroundSteps + 1;
    if (count < 5 || from < start || count > mostNeighbours) return Number.POSITIVE_INFINITY;
    for (let i = 0; i < count; i++) neighbours[i] = values[from + i] ?? 0;
    const median = middleOf(count);
    const least = leastDeviationRatio * median;
    if ((values[index] ?? 0) <= median + farDeviations * least) return Number.POSITIVE_INFINITY;
    for (let i = 0; i < count; i++) neighbours[i] = Math.abs((values[from + i] ?? 0) - median);
    return median + farDeviations * Math.max(middleOf(count), least);
  }

  #highestSeasonsAgo(index: number, step: number): number {
    const { values, start } = this.#series;
    let highest = 0;
    for (const season of this.#seasonsSteps) {
      const middle = index - season;
      for (let at = Math.max(start, middle - slackSteps); at <= middle + slackSteps; at++) {
        highest = Math.max(highest, values[at] ?? 0);
      }
      for (let i = 0; i < this.#steps.length; i++) {
        const distance = Math.abs((this.#steps[i] ?? 0) - (step - season));
        if (distance <= slackSteps) highest = Math.max(highest, this.#roots[i] ?? 0);
      }
    }
    return highest;
  }

  #remember(step: number, root: number): void {
    this.#steps[this.#next] = step;
    this.#roots[this.#next] = Math.fround(root);
    this.#next = (this.#next + 1) % mostRemembered;
  }

  #note(step: number, root: number): void {
    const today = Math.floor(step / this.#daySteps);
    const ofDay = this.#highestOfDay;
    if (today !== this.#day) {
      // Days that passed without a value are forgotten with the one that began.
      for (let day = Math.max(this.#day + 1, today - days + 1); day <= today; day++) ofDay[day % days] = 0;
      this.#day = today;
      this.#highest = 0;
      for (let day = 0; day < days; day++) this.#highest = Math.max(this.#highest, ofDay[day] ?? 0);
    }
    ofDay[today % days] = Math.max(ofDay[today % days] ?? 0, root);
    this.#highest = Math.max(this.#highest, root);
  }
}

/** The median of the first so many neighbours, which are put in order. */
function middleOf(count: number): number {
  for (let i = 1; i < count; i++) {
    const value = neighbours[i] ?? 0;
    let at = i;
    for (; at > 0 && (neighbours[at - 1] ?? 0) > value; at--) neighbours[at] = neighbours[at - 1] ?? 0;
    neighbours[at] = value;
  }
  return neighbours[count >> 1] ?? 0;
}
