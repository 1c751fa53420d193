import type { Arena } from '../memory/arena.ts';

/** Levels whose coverage is watched, reported and corrected; other levels follow those beside them. */
export const watchedLevels = [0.5, 0.9, 0.95, 0.99] as const;
export type WatchedLevel = (typeof watchedLevels)[number];
/** The same, and levels below the median, which a forecast is asked for and a peak is not. */
export const levelsBothWays: readonly number[] = [...watchedLevels, 0.1, 0.05];

/** How levels are corrected. */
interface CorrectionRule {
  /** Levels that are watched. */
  readonly levels: readonly number[];
  /** Length of a correction step at the nearest horizon. */
  readonly rate: number;
  /** Beyond a level that leaves less room than this, correction steps are proportionally smaller: one miss is most of the room. */
  readonly leastRoom: number;
  /** Whether corrections change evenly between watched levels; otherwise a level follows the nearest. */
  readonly isEven: boolean;
}
/** Forecasts are asked for deciles, and only what is near 0.1 or 0.9 is as wrong as those are. */
export const forecastRule: CorrectionRule = {
  levels: levelsBothWays,
  rate: 0.012,
  leastRoom: 0.03,
  isEven: true,
};
/** Peaks are asked for a level that feedback turns until demand is short as seldom as was promised (src/forecast/trust). */
const peakRule: CorrectionRule = { levels: watchedLevels, rate: 0.008, leastRoom: 0.02, isEven: false };

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
  readonly #rule: CorrectionRule;
  readonly #levels: readonly number[];

  /** `strideSteps`: one bound is scored in this many steps, and counts as many times. */
  constructor(
    horizonSteps: number,
    strideSteps: number,
    { numbers }: Pick<Arena, 'numbers'>,
    rule: CorrectionRule = peakRule,
  ) {
    this.#numbers = numbers;
    this.#rule = rule;
    this.#levels = rule.levels;
    this.#start = numbers.reserve(this.#levels.length);
    this.#rate = (rule.rate * strideSteps) / (1 + horizonSteps / 12);
  }

  /** The level to ask of the residuals so that `level` is covered. */
  adjusted(level: number): number {
    return Math.min(highestLevel, Math.max(lowestLevel, level + this.#correctionAt(level)));
  }

  /** The same of the watched level number `index`. */
  adjustedWatched(index: number): number {
    const adjusted = this.#levels[index]! + this.#correction(index);
    return Math.min(highestLevel, Math.max(lowestLevel, adjusted));
  }

  /** Beyond the outermost watched level corrections count the less, the farther. */
  #correctionAt(level: number): number {
    const levels = this.#levels;
    let below = -1;
    let above = -1;
    for (let i = 0; i < levels.length; i++) {
      const watched = levels[i]!;
      if (watched <= level && (below < 0 || watched > levels[below]!)) below = i;
      if (watched >= level && (above < 0 || watched < levels[above]!)) above = i;
    }
    if (below === above) return this.#correction(below);
    if (below < 0) return this.#correction(above) * (level / levels[above]!);
    if (above < 0) return this.#correction(below) * (roomBeyond(level) / roomBeyond(levels[below]!));
    const share = (level - levels[below]!) / (levels[above]! - levels[below]!);
    if (!this.#rule.isEven) return this.#correctionOfNearest(share < 0.5 ? below : above, level);
    return (1 - share) * this.#correction(below) + share * this.#correction(above);
  }

  #correctionOfNearest(nearest: number, level: number): number {
    const room = roomBeyond(this.#levels[nearest]!);
    return this.#numbers.values[this.#start + nearest]! * Math.min(1, roomBeyond(level) / room);
  }

  /** The correction of a watched level; the median stays the combination's own. */
  #correction(index: number): number {
    return this.#levels[index] === 0.5 ? 0 : this.#numbers.values[this.#start + index]!;
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
    const rate = this.#rate * Math.min(1, room / this.#rule.leastRoom);
    const moved = offsets[at]! + rate * (level - (wasCovered ? 1 : 0));
    offsets[at] = Math.min(limit, Math.max(-limit, moved));
  }
}

/** How much lies between a level and the end of its side. */
const roomBeyond = (level: number) => Math.min(level, 1 - level);
