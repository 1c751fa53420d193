import type { StateCopier } from '../memory/state-copier.ts';

/** Parts of an event that are told apart: three hours of a day. */
export const parts = 8;

/** How many times an ordinary day's demand each part of an event has, as roots: `times` that of the day moved by `share`. */
export interface EventPrediction {
  /** How far the ordinary day is moved towards the day that the event is like: 0 = not at all, 1 = wholly. */
  readonly shares: Float64Array;
  readonly times: Float64Array;
}

/**
 * What one event, or the part of it that has passed, showed, as sums over its steps of products of square roots: of what an ordinary
 * day would have had (`base`), of how far the day it is like is from that (`away`), and of what came (`came`). One number for each
 * part of the event.
 */
export class Occurrence {
  /** Number of the event in the calendar, and its name. */
  readonly event: number;
  readonly name: string;
  readonly base = new Float64Array(parts);
  readonly baseAway = new Float64Array(parts);
  readonly away = new Float64Array(parts);
  readonly baseCame = new Float64Array(parts);
  readonly awayCame = new Float64Array(parts);
  readonly came = new Float64Array(parts);
  readonly #seen = new Float64Array(parts);
  readonly #stepsPerPart: number;

  /** `steps`: length of the event, or of a day of it. */
  constructor({
    event,
    name,
    steps,
  }: { readonly event: number; readonly name: string; readonly steps: number }) {
    this.event = event;
    this.name = name;
    this.#stepsPerPart = Math.max(1, steps / parts);
  }

  copyState(copier: StateCopier): void {
    for (const sums of [
      this.base,
      this.baseAway,
      this.away,
      this.baseCame,
      this.awayCame,
      this.came,
      this.#seen,
    ])
      copier.numbers(sums);
  }

  /** Share of a part that has been observed, 0–1. */
  completeness(part: number): number {
    return Math.min(1, this.#seen[part]! / this.#stepsPerPart);
  }

  /** Share of the event that has been observed, 0–1. */
  get observedShare(): number {
    let sum = 0;
    for (let part = 0; part < parts; part++) sum += this.completeness(part);
    return sum / parts;
  }

  learn(part: number, base: number, away: number, came: number): void {
    this.#seen[part]!++;
    this.base[part]! += base * base;
    this.baseAway[part]! += base * away;
    this.away[part]! += away * away;
    this.baseCame[part]! += base * came;
    this.awayCame[part]! += away * came;
    this.came[part]! += came * came;
  }

  /** How many times the ordinary day's demand came in a part, as a root; NaN where nothing is known. */
  timesOf(part: number): number {
    return this.baseCame[part]! / this.base[part]!;
  }

  /** How many times the ordinary day's demand a prediction has in a part, as a root. */
  predictedTimes(part: number, { shares, times }: EventPrediction): number {
    return times[part]! * Math.sqrt(this.#movedSquare(part, shares[part]!) / this.base[part]!);
  }

  /** Mean squared error of a prediction over what has been observed, in squares of the ordinary day's roots. */
  errorOf({ shares, times }: EventPrediction): number {
    let error = 0;
    let base = 0;
    for (let part = 0; part < parts; part++) {
      const share = shares[part]!;
      const factor = times[part]!;
      const together = this.baseCame[part]! + share * this.awayCame[part]!;
      error += this.came[part]! - 2 * factor * together + factor * factor * this.#movedSquare(part, share);
      base += this.base[part]!;
    }
    return base > 0 ? Math.max(0, error) / base : 0;
  }

  #movedSquare(part: number, share: number): number {
    return this.base[part]! + 2 * share * this.baseAway[part]! + share * share * this.away[part]!;
  }
}
