import type { Stores } from '../memory/arena.ts';

/** Levels whose coverage is watched and corrected; others follow the nearest of them. */
export const watchedLevels = [0.5, 0.9, 0.95, 0.99] as const;

/** Where less than this is left above a level, the steps are smaller by as much: one miss is most of that room. */
const leastRoom = 0.02;

/**
 * Adaptive conformal inference (Gibbs & Candès 2021): where the watched bounds were exceeded too often, the level asked
 * of the residuals is raised, and the other way round. The step shrinks with the horizon, because feedback that
 * comes h steps late makes a constant step unstable: it goes on correcting what it has corrected already.
 */
export class CalibratedLevels {
  readonly #numbers: Stores['numbers'];
  /** Where the offsets of the watched levels begin. */
  readonly #start: number;
  readonly #rate: number;

  /** `strideSteps`: feedback comes only once in so many steps, and counts so many times. */
  constructor(horizonSteps: number, strideSteps: number, { numbers }: Pick<Stores, 'numbers'>) {
    this.#numbers = numbers;
    this.#start = numbers.reserve(watchedLevels.length);
    this.#rate = (0.008 * strideSteps) / (1 + horizonSteps / 12);
  }

  /** The level to ask of the residuals so that `level` is covered. */
  adjusted(level: number): number {
    // The median stays the combination's own.
    if (level <= 0.5) return Math.max(0.0005, level);
    const nearest = nearestWatched(level);
    // Far from a watched level its correction says little.
    const share = Math.min(1, (1 - level) / (1 - (watchedLevels[nearest] ?? 0)));
    return Math.min(0.9995, level + (this.#numbers.values[this.#start + nearest] ?? 0) * share);
  }

  /** A bound that was served for a watched level has been answered by the truth. */
  learn(index: number, wasCovered: boolean): void {
    const level = watchedLevels[index] ?? 0.5;
    // Never so far that one level could pass its neighbour.
    const limit = (1 - level) * 0.9;
    const offsets = this.#numbers.values;
    const at = this.#start + index;
    const rate = this.#rate * Math.min(1, (1 - level) / leastRoom);
    const moved = (offsets[at] ?? 0) + rate * (level - (wasCovered ? 1 : 0));
    offsets[at] = Math.min(limit, Math.max(-limit, moved));
  }
}

function nearestWatched(level: number): number {
  let nearest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < watchedLevels.length; i++) {
    const distance = Math.abs((watchedLevels[i] ?? 0) - level);
    if (distance >= least) continue;
    least = distance;
    nearest = i;
  }
  return nearest;
}
