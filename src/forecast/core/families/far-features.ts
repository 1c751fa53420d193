import type { ExpertContext } from '../experts/expert.ts';
import { expertNames } from '../experts/index.ts';
import { usualAt } from '../memory/slot-means.ts';

/** A feature is at most so many units. */
const mostUnits = 20;
/** Days from which a history counts as long as any other. */
const mostDays = 60;
/** A ratio to the level of demand is at most this. */
const mostLevels = 5;

/** What is known of a horizon beside the predictions there. Errors are differences of square roots. */
export interface FarErrors {
  /** The typical error of the combination: the unit of what the trees are told and of what they answer. */
  readonly typical: number;
  /** Its mean signed error of about a day and of about a week. */
  readonly ofDay: number;
  readonly ofWeek: number;
}

/** One horizon of an origin. */
export interface FarMoment {
  readonly horizonSteps: number;
  /** Local steps from the newest value to it. */
  readonly localSteps: number;
  /** What each expert predicts, NaN = nothing, and their combination. */
  readonly predictions: Float64Array;
  readonly combined: number;
  readonly weights: { of(expert: number): number };
  readonly errors: FarErrors;
}

/** The names of the features in the order in which the trees number them. */
export const farFeatureNames: readonly string[] = [
  'horizon',
  'days',
  'noise',
  'height',
  'spread',
  'error-of-day',
  'error-of-week',
  'usual',
  'newest',
  'hour',
  'quarter-day',
  'day-on-day',
  'week-on-week',
  'yesterday-on-week',
  ...expertNames,
];

/**
 * What boosted trees are told of a far horizon: how far each expert is from the combination, how noisy demand is and how it has been
 * lately. Nothing has a unit of demand or of time, so that series of many families can be compared.
 */
export class FarFeatures {
  readonly values = new Float64Array(farFeatureNames.length);
  readonly #context: ExpertContext;
  #step = 0;
  // Of the origin, in square roots: the level of the last day, how it differs from other days, and how the newest values differ from usual.
  #level = 0;
  readonly #recent = new Float64Array(6);

  constructor(context: ExpertContext) {
    this.#context = context;
  }

  /** Reads what all horizons of an origin share; `step` is that of the newest value. */
  readOrigin(step: number): void {
    const { shortSeasonSteps: day, longSeasonSteps: week } = this.#context;
    this.#step = step;
    const today = this.#mean(0, day);
    const yesterday = this.#mean(day, day);
    this.#level = Number.isNaN(today) ? this.#mean(0, this.#length) : today;
    this.#recent[0] = this.#aboveUsual(1, 1);
    this.#recent[1] = this.#aboveUsual(Math.max(1, Math.round(day / 24)), 1);
    this.#recent[2] = this.#aboveUsual(Math.round(day / 4), Math.max(1, Math.round(day / 96)));
    this.#recent[3] = today - yesterday;
    this.#recent[4] = today - this.#mean(week, day);
    this.#recent[5] = yesterday - this.#mean(day + week, day);
  }

  /** Writes the features of a horizon of that origin into `values`. */
  readHorizon({ horizonSteps, localSteps, predictions, combined, weights, errors }: FarMoment): void {
    const { values } = this;
    const { shortSeasonSteps: day, usualDay, usualWeek } = this.#context;
    const unit = errors.typical;
    const centre = Math.sqrt(combined);
    const inLevels = (root: number) => Math.min(mostLevels, root / this.#level);
    let spread = 0;
    let at = 14;
    for (let e = 0; e < predictions.length; e++) {
      const difference = Math.sqrt(predictions[e]!) - centre;
      values[at++] = inUnits(difference, unit);
      if (!Number.isNaN(difference)) spread += weights.of(e) * Math.abs(difference);
    }
    values[0] = horizonSteps / day;
    values[1] = Math.min(mostDays, (this.#step + 1) / day);
    values[2] = this.#level > 0 ? inLevels(unit) : mostLevels;
    values[3] = this.#level > 0 ? inLevels(centre) : 1;
    values[4] = inUnits(spread, unit);
    values[5] = inUnits(errors.ofDay, unit);
    values[6] = inUnits(errors.ofWeek, unit);
    values[7] = inUnits(usualAt(usualDay, usualWeek, this.#step + localSteps) - centre, unit);
    for (let i = 0; i < this.#recent.length; i++) values[8 + i] = inUnits(this.#recent[i]!, unit);
  }

  get #length(): number {
    return this.#context.sqrt.end - this.#context.sqrt.start;
  }

  /** Mean root of `count` values, the newest of them `back` steps before the newest; NaN where they are not remembered. */
  #mean(back: number, count: number): number {
    if (back + count > this.#length) return Number.NaN;
    const { values, end } = this.#context.sqrt;
    let sum = 0;
    for (let i = end - back - count; i < end - back; i++) sum += values[i]!;
    return sum / count;
  }

  /** How far every `every`th of the newest `count` values was from what is usual, in the mean. */
  #aboveUsual(count: number, every: number): number {
    const { sqrt, usualDay, usualWeek } = this.#context;
    let sum = 0;
    let known = 0;
    for (let back = 0; back < Math.min(count, this.#length); back += every) {
      const difference = sqrt.values[sqrt.end - 1 - back]! - usualAt(usualDay, usualWeek, this.#step - back);
      if (Number.isNaN(difference)) continue;
      sum += difference;
      known++;
    }
    return known > 0 ? sum / known : Number.NaN;
  }
}

/** What is not known counts as no difference. */
function inUnits(root: number, unit: number): number {
  const units = root / unit;
  if (Number.isNaN(units)) return 0;
  return Math.max(-mostUnits, Math.min(mostUnits, units));
}
