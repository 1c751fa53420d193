import type { Arena } from '../memory/arena.ts';

/** Levels whose coverage is watched and corrected; other levels follow the nearest of them. */
export const watchedLevels = [0.5, 0.9, 0.95, 0.99] as const;
export type WatchedLevel = (typeof watchedLevels)[number];

/** Above a level that leaves less room than this, correction steps are proportionally smaller: one miss is most of the room. */
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

  /** `strideSteps`: one bound is scored in this many steps, and counts as many times. */
  constructor(horizonSteps: number, strideSteps: number, { numbers }: Pick<Arena, 'numbers'>) {
    this.#numbers = numbers;
    this.#start = numbers.reserve(watchedLevels.length);
    this.#rate = (0.008 * strideSteps) / (1 + horizonSteps / 12);
  }

  /** The level to ask of the residuals so that `level` is covered. */
  adjusted(level: number): number {
    // The median stays the combination's own.
    if (level <= 0.5) return Math.max(lowestLevel, level);
    const nearest = nearestWatched(level);
    // The farther above a watched level, the less its correction counts.
    const share = Math.min(1, (1 - level) / (1 - watchedLevels[nearest]!));
    return Math.min(highestLevel, level + this.#numbers.values[this.#start + nearest]! * share);
  }

  /** The offsets of the watched levels, for `restore`. */
  get offsets(): Float32Array {
    return this.#numbers.values.slice(this.#start, this.#start + watchedLevels.length);
  }

  restore(offsets: Float32Array): void {
    this.#numbers.values.set(offsets, this.#start);
  }

  /** Learns whether the truth was at or below the bound that was served for `watchedLevels[index]`. */
  learn(index: number, wasCovered: boolean): void {
    const level = watchedLevels[index]!;
    // An offset within this limit cannot move a level past its neighbour.
    const limit = (1 - level) * 0.9;
    const offsets = this.#numbers.values;
    const at = this.#start + index;
    const rate = this.#rate * Math.min(1, (1 - level) / leastRoom);
    const moved = offsets[at]! + rate * (level - (wasCovered ? 1 : 0));
    offsets[at] = Math.min(limit, Math.max(-limit, moved));
  }
}

function nearestWatched(level: number): number {
  let nearest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < watchedLevels.length; i++) {
    const distance = Math.abs(watchedLevels[i]! - level);
    if (distance >= least) continue;
    least = distance;
    nearest = i;
  }
  return nearest;
}
