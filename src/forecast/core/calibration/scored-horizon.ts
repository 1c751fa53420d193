import { coprimeNear } from '../arithmetic/coprime.ts';
import type { Lengths } from '../clock/lengths.ts';
import { ExpertWeights } from '../combination/expert-weights.ts';
import type { HorizonAccuracy } from '../contract.ts';
import type { Stores } from '../memory/arena.ts';
import { Accuracy, type Judged } from './accuracy.ts';
import { CalibratedLevels, watchedLevels } from './calibrated-levels.ts';
import { Residuals } from './residuals.ts';

/** Nearer than this every step's forecast is kept; farther, so many times fewer, because neighbours err alike. */
const everyStepBefore = 12;
/** Residuals kept: two days of steps nearby, and five weeks of a day ahead. */
const residualCapacity = 576;
const farResidualCapacity = 448;
/** Share of one independent residual by which the tail is taken for longer. */
const tailShare = 0.3;
/** Days of a week that are told apart. */
const mostDays = 14;

/** Scratch of one call. */
const judged: { -readonly [K in keyof Judged]: number } = {
  truth: 0,
  combined: 0,
  persistence: 0,
  seasonalNaive: 0,
};
const bounds = new Float64Array(watchedLevels.length);

/** One horizon at which forecasts are kept until the truth is known: weights, quantiles and accuracy come from it. */
export class Anchor {
  readonly horizonSteps: number;
  /** Forecasts are kept at steps that are whole multiples of this. */
  readonly strideSteps: number;
  readonly weights: ExpertWeights;
  readonly #residuals: Residuals;
  readonly #levels: CalibratedLevels;
  readonly #accuracy: Accuracy;
  readonly #naiveIndex: number;
  // A row: what each expert predicted, their combination, the newest value then, the watched bounds. Float32 holds seven
  // digits, far more than a forecast has.
  readonly #numbers: Stores['numbers'];
  readonly #pending: number;
  readonly #slots: number;
  readonly #daySteps: number;
  readonly #combinedAt: number;
  readonly #width: number;

  /** `naiveIndex`: the expert that stands for the seasonal naive in accuracy. */
  constructor(
    horizonSteps: number,
    expertCount: number,
    naiveIndex: number,
    { shortSteps, longSteps }: Pick<Lengths, 'shortSteps' | 'longSteps'>,
    stores: Stores,
  ) {
    this.horizonSteps = horizonSteps;
    // Every time of day has its turn, and every moment of waves of five steps, ten or so.
    this.strideSteps = coprimeNear(horizonSteps / everyStepBefore, 5 * shortSteps);
    this.weights = new ExpertWeights(
      expertCount,
      this.strideSteps,
      Math.max(24, Math.floor(shortSteps / 4)),
      longSteps > 0 ? Math.min(mostDays, Math.round(longSteps / shortSteps)) : 1,
      stores,
    );
    this.#daySteps = shortSteps;
    this.#residuals = new Residuals(this.strideSteps === 1 ? residualCapacity : farResidualCapacity, stores);
    this.#levels = new CalibratedLevels(horizonSteps, this.strideSteps, stores);
    this.#accuracy = new Accuracy(stores);
    this.#naiveIndex = naiveIndex;
    this.#combinedAt = expertCount;
    this.#width = expertCount + 2 + watchedLevels.length;
    this.#slots = Math.ceil(horizonSteps / this.strideSteps);
    this.#numbers = stores.numbers;
    this.#pending = stores.numbers.reserve(this.#slots * this.#width);
  }

  get residualCount(): number {
    return this.#residuals.count;
  }

  /** Recent mean absolute error of the combination, in square-root space. */
  get typicalError(): number {
    return this.#accuracy.typicalError;
  }

  /** What a value must be at, beside its prediction, for `level` to be covered; a difference of square roots. */
  residualQuantile(level: number): number {
    const adjusted = this.#levels.adjusted(level);
    if (level <= 0.5) return this.#residuals.quantile(adjusted);
    // Residuals of one horizon's length are nearly one residual; of so few the tail is longer than it looks.
    const independent = 1 + (this.#residuals.count * this.strideSteps) / this.horizonSteps;
    return this.#residuals.quantile(adjusted + Math.min((1 - adjusted) / 2, tailShare / independent));
  }

  /** The truth of this step is known (NaN = missing): learns from the forecast made `horizonSteps` ago. */
  mature(step: number, truth: number): void {
    const madeAt = step - this.horizonSteps;
    if (madeAt < 0 || madeAt % this.strideSteps !== 0) return;
    const pending = this.#numbers.values;
    const row = this.#rowOf(madeAt);
    const at = row + this.#combinedAt;
    const combined = pending[at] ?? Number.NaN;
    if (Number.isNaN(combined) || Number.isNaN(truth)) return;
    this.weights.learn(row, combined, truth, Math.floor(step / this.#daySteps));
    judged.truth = truth;
    judged.combined = combined;
    judged.persistence = pending[at + 1] ?? 0;
    judged.seasonalNaive = pending[row + this.#naiveIndex] ?? Number.NaN;
    for (let i = 0; i < watchedLevels.length; i++) {
      const bound = pending[at + 2 + i] ?? 0;
      bounds[i] = bound;
      this.#levels.learn(i, truth <= bound);
    }
    this.#accuracy.note(judged, bounds, this.strideSteps);
    this.#residuals.add(Math.sqrt(truth) - Math.sqrt(combined));
  }

  /** Weighs the experts anew, by their predictions for this horizon (NaN = no say). */
  weigh(step: number, predictions: Float64Array): void {
    this.weights.weigh(predictions, Math.floor((step + this.horizonSteps) / this.#daySteps));
  }

  /**
   * Keeps what was predicted and its combination, with the newest value, until the truth is known. Where the newest value
   * is missing (NaN) nothing is kept: a forecast made from a guess says nothing about those made from knowledge.
   */
  keep(step: number, predictions: Float64Array, combined: number, newest: number): void {
    const pending = this.#numbers.values;
    const row = this.#rowOf(step);
    for (let e = 0; e < this.#combinedAt; e++) pending[row + e] = predictions[e] ?? Number.NaN;
    const at = row + this.#combinedAt;
    pending[at] = Number.isNaN(newest) ? Number.NaN : combined;
    pending[at + 1] = newest;
    const centre = Math.sqrt(combined);
    for (let i = 0; i < watchedLevels.length; i++) {
      const root = centre + this.residualQuantile(watchedLevels[i] ?? 0.5);
      pending[at + 2 + i] = root > 0 ? root * root : 0;
    }
  }

  accuracy(expertNames: readonly string[], gridSeconds: number): HorizonAccuracy {
    return this.#accuracy.report(
      this.horizonSteps * gridSeconds,
      Object.fromEntries(expertNames.map((name, e) => [name, this.weights.of(e)])),
    );
  }

  #rowOf(step: number): number {
    return this.#pending + (Math.floor(step / this.strideSteps) % this.#slots) * this.#width;
  }
}
