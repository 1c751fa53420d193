import type { StateCopier } from '../memory/state-copier.ts';

/** Parts of an event that are told apart: three hours of a day. */
export const parts = 8;

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
    for (const sums of [this.base, this.baseAway, this.away, this.baseCame, this.awayCame, this.#seen])
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
  }

  /** Times what came is larger, as a root, than an ordinary day moved by `share` towards the other; NaN where nothing came. */
  timesMoved(part: number, share: number): number {
    const came = this.baseCame[part]! + share * this.awayCame[part]!;
    return came / this.#movedSquare(part, share);
  }

  /** Times an ordinary day moved by `share` towards the other is larger than the ordinary day, as a root. */
  movedTimes(part: number, share: number): number {
    return Math.sqrt(this.#movedSquare(part, share) / this.base[part]!);
  }

  #movedSquare(part: number, share: number): number {
    return this.base[part]! + 2 * share * this.baseAway[part]! + share * share * this.away[part]!;
  }
}
