import type { Arena } from '../memory/arena.ts';

/** Levels whose coverage is watched, reported and corrected; other levels follow the nearest of them. */
export const watchedLevels = [0.5, 0.9, 0.95, 0.99] as const;
export type WatchedLevel = (typeof watchedLevels)[number];
/** The same, and levels below the median, which a forecast is asked for and a peak is not. */
export const levelsBothWays: readonly number[] = [...watchedLevels, 0.1, 0.05];

/** Beyond a level that leaves less room than this, correction steps are proportionally smaller: one miss is most of the room. */
const leastRoom = 0.02;
/** Adjusted levels stay within these. */
const lowestLevel = 0.0005;
const highestLevel = 0.9995;

/**
 * Adaptive conformal inference (Gibbs & Candès 2021): where the bounds of a watched level were exceeded too often, a higher
 * level is asked of the residuals, and the other way round. The correction step shrinks with the horizon, because feedback
 * that comes h steps late makes a constant step unstable: it goes on correcting what it has corrected already.
 */
export class CalibratedLevels {
  readonly #numbers: Arena['numbers'];
  /** Where the offsets of the watched levels begin. */
  readonly #start: number;
  readonly #rate: number;
  readonly #levels: readonly number[];

  /** `strideSteps`: one bound is scored in this many steps, and counts as many times. `levels`: those that are watched. */
  constructor(
    horizonSteps: number,
    strideSteps: number,
    { numbers }: Pick<Arena, 'numbers'>,
    levels: readonly number[] = watchedLevels,
  ) {
    this.#numbers = numbers;
    this.#levels = levels;
    this.#start = numbers.reserve(levels.length);
    this.#rate = (0.008 * strideSteps) / (1 + horizonSteps / 12);
  }

  /** The level to ask of the residuals so that `level` is covered. */
  adjusted(level: number): number {
    const nearest = nearestOf(this.#levels, level);
    const watched = this.#levels[nearest]!;
    // The median stays the combination's own, and what is nearer to it than to a watched level of its side stays with it.
    if (level === 0.5 || watched < 0.5 !== level < 0.5) return Math.max(lowestLevel, level);
    // The farther beyond a watched level, the less its correction counts.
    const share = Math.min(1, roomBeyond(level) / roomBeyond(watched));
    const adjusted = level + this.#numbers.values[this.#start + nearest]! * share;
    return Math.min(highestLevel, Math.max(lowestLevel, adjusted));
  }

  /** The offsets of the watched levels, for `restore`. */
  get offsets(): Float32Array {
    return this.#numbers.values.slice(this.#start, this.#start + this.#levels.length);
  }

  restore(offsets: Float32Array): void {
    this.#numbers.values.set(offsets, this.#start);
  }

  /** Learns whether the truth was at or below the bound that was served for the watched level number `index`. */
  learn(index: number, wasCovered: boolean): void {
    const level = this.#levels[index]!;
    const room = roomBeyond(level);
    // An offset within this limit cannot move a level past its neighbour.
    const limit = room * 0.9;
    const offsets = this.#numbers.values;
    const at = this.#start + index;
    const rate = this.#rate * Math.min(1, room / leastRoom);
    const moved = offsets[at]! + rate * (level - (wasCovered ? 1 : 0));
    offsets[at] = Math.min(limit, Math.max(-limit, moved));
  }
}

/** How much lies between a level and the end of its side. */
const roomBeyond = (level: number) => Math.min(level, 1 - level);

function nearestOf(levels: readonly number[], level: number): number {
  let nearest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < levels.length; i++) {
    const distance = Math.abs(levels[i]! - level);
    if (distance >= least) continue;
    least = distance;
    nearest = i;
  }
  return nearest;
}
