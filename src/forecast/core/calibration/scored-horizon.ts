import { coprimeNear } from '../arithmetic/coprime.ts';
import { judgedStepsOf, type Lengths, restingStepsOf } from '../clock/lengths.ts';
import { ExpertWeights, fewestMatured } from '../combination/expert-weights.ts';
import type { KeptBeside, WeighedHorizon } from '../combination/weighed-horizon.ts';
import type { HorizonAccuracy } from '../contract.ts';
import { expertNames, seasonalNaiveIndex } from '../experts/index.ts';
import type { Arena } from '../memory/arena.ts';
import type { Scratch } from '../memory/scratch.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import { Accuracy } from './accuracy.ts';
import { CalibratedLevels, forecastRule, levelsBothWays } from './calibrated-levels.ts';
import { enoughResiduals, Residuals } from './residuals.ts';
import { Unrest } from './unrest.ts';

/** Up to this horizon every step's forecast is kept; farther, proportionally fewer, because neighbours err alike. */
const everyStepBefore = 12;
/** Residuals kept where every step's forecast is: two days of steps. */
export const residualCapacity = 576;
/** Residuals kept farther ahead: four weeks of a day ahead. */
const farResidualCapacity = 320;
/** Numbers of a pending forecast after the predictions of the experts. */
const boundsAt = 2;
const unitAt = boundsAt + levelsBothWays.length;
/** Share of one independent residual by which the tail is taken to be longer. */
const tailShare = 0.1;
/** From a quarter of a short season on (six hours of a day), errors of weeks count, once a history is three weeks of days long. */
const farShare = 1 / 4;
const longHistoryDays = 21;
/** The most days of a week whose errors are told apart. */
const mostDays = 14;

/**
 * One horizon at which forecasts are kept until the truth is known. The weights of the experts, the quantiles and the
 * accuracy at this horizon come from them. Values are in the engine's unit, steps are grid steps.
 */
export class ScoredHorizon implements WeighedHorizon {
  readonly horizonSteps: number;
  readonly strideSteps: number;
  readonly isFar: boolean;
  /** Steps from the first forecast on after which the experts have weights. */
  readonly settledSteps: number;
  /** Of the steps that are judged after a far past, so many at the beginning are not judged at this horizon. */
  readonly restingSteps: number;
  isResting = false;
  /** The nearer horizon whose weights count while those of this one are not learned. */
  standIn: ScoredHorizon | undefined;
  readonly #weights: ExpertWeights;
  /**
   * Demand is far above all before and may yet be an incident. While it is, experts are weighed by it, because one day it is no
   * incident; but it teaches neither bounds nor accuracy, and nor do the forecasts that are made from it.
   */
  isUnproven = false;
  readonly #residuals: Residuals;
  readonly #levels: CalibratedLevels;
  readonly #unrest: Unrest;
  readonly #accuracy: Accuracy;
  // One row for each pending forecast: every expert's prediction, their combination, the newest value then, the bounds of
  // the watched levels, the unit of residuals then.
  readonly #numbers: Arena['numbers'];
  readonly #pending: number;
  readonly #rows: number;
  readonly #daySteps: number;
  readonly #width: number;

  constructor(
    horizonSteps: number,
    { shortSteps, longSteps }: Pick<Lengths, 'shortSteps' | 'longSteps'>,
    arena: Arena,
    scratch: Scratch,
  ) {
    this.horizonSteps = horizonSteps;
    // A stride coprime with the day, and with five steps, visits every time of day and every phase of short waves.
    this.strideSteps = coprimeNear(horizonSteps / everyStepBefore, 5 * shortSteps);
    const enoughSteps = Math.max(24, Math.floor(shortSteps / 4));
    const remembersWeeks = horizonSteps >= farShare * shortSteps;
    this.isFar = remembersWeeks || judgedStepsOf({ longSteps }) < enoughResiduals * this.strideSteps;
    this.restingSteps = this.isFar ? 0 : restingStepsOf(horizonSteps, { longSteps });
    this.settledSteps =
      this.restingSteps + horizonSteps + Math.max(enoughSteps, fewestMatured * this.strideSteps);
    this.#weights = new ExpertWeights({
      expertCount: expertNames.length,
      strideSteps: this.strideSteps,
      enoughSteps,
      days: longSteps > 0 ? Math.min(mostDays, Math.round(longSteps / shortSteps)) : 1,
      longHistorySteps: remembersWeeks ? longHistoryDays * shortSteps : undefined,
      arena,
      scratch,
    });
    this.#daySteps = shortSteps;
    const capacity = this.strideSteps === 1 ? residualCapacity : farResidualCapacity;
    // A window of a week and more holds enough large residuals by itself.
    const remembersTail = this.strideSteps === 1 && capacity < 7 * shortSteps;
    this.#residuals = new Residuals(capacity, arena, { remembersTail });
    this.#levels = new CalibratedLevels(horizonSteps, this.strideSteps, arena, forecastRule);
    this.#unrest = new Unrest(horizonSteps, this.strideSteps);
    this.#accuracy = new Accuracy(arena);
    this.#width = expertNames.length + unitAt + 1;
    this.#rows = Math.ceil(horizonSteps / this.strideSteps);
    this.#numbers = arena.numbers;
    this.#pending = arena.numbers.reserve(this.#rows * this.#width);
  }

  /** Pending forecasts and the levels are in the arena; whether demand is unproven is said anew at each step. */
  copyState(copier: StateCopier): void {
    this.#weights.copyState(copier);
    this.#residuals.copyState(copier);
    this.#unrest.copyState(copier);
    this.#accuracy.copyState(copier);
  }

  get weights(): Pick<ExpertWeights, 'of'> {
    return this.standIn?.weights ?? this.#weights;
  }

  /** Number of matured forecasts whose residuals are kept. */
  get residualCount(): number {
    return this.#residuals.count;
  }

  /** Number of forecasts that have come due and been scored. */
  get maturedCount(): number {
    return this.#accuracy.count;
  }

  /** Recent mean absolute error of the combination, in square-root space. */
  get typicalError(): number {
    return this.#accuracy.typicalError;
  }

  /** How far above the combination the bound for `level` lies, a difference of square roots. */
  residualQuantile(level: number): number {
    return this.#unrest.unit * this.#quantileInUnits(level, this.#levels.adjusted(level));
  }

  #quantileInUnits(level: number, adjusted: number): number {
    if (level <= 0.5) return this.#residuals.quantile(adjusted);
    // Residuals within one horizon's length are nearly one residual; the tail of few is longer than it looks.
    const independent = 1 + (this.#residuals.count * this.strideSteps) / this.horizonSteps;
    return this.#residuals.quantile(adjusted + Math.min((1 - adjusted) / 2, tailShare / independent));
  }

  mature(step: number, truth: number): void {
    const madeAt = step - this.horizonSteps;
    if (madeAt < 0 || madeAt % this.strideSteps !== 0) return;
    const pending = this.#numbers.values;
    const row = this.#rowOf(madeAt);
    const at = row + expertNames.length;
    const combined = pending[at]!;
    if (Number.isNaN(combined) || Number.isNaN(truth)) return;
    this.#weights.learn(row, combined, truth, Math.floor(step / this.#daySteps));
    if (this.isUnproven || Number.isNaN(pending[at + boundsAt]!)) return;
    for (let i = 0; i < levelsBothWays.length; i++)
      this.#learnCoverage(i, truth, pending[at + boundsAt + i]!);
    this.#accuracy.learn(truth, at, pending[row + seasonalNaiveIndex]!, this.strideSteps);
    const residual = Math.sqrt(truth) - Math.sqrt(combined);
    this.#residuals.add(residual / pending[at + unitAt]!);
    this.#unrest.learn(Math.abs(residual), this.#accuracy.typicalError, this.#accuracy.count);
  }

  forgetPending(): void {
    const from = this.#pending;
    this.#numbers.values.fill(Number.NaN, from, from + this.#rows * this.#width);
  }

  weigh(step: number, predictions: Float64Array): void {
    this.#weights.weigh(predictions, Math.floor((step + this.horizonSteps) / this.#daySteps));
  }

  /** A forecast made while the newest value is missing is not kept: its error would be no sample of forecasts made from values. */
  keep(step: number, predictions: Float64Array, combined: number, { newest, held }: KeptBeside): void {
    const pending = this.#numbers.values;
    const row = this.#rowOf(step);
    for (let e = 0; e < expertNames.length; e++) pending[row + e] = predictions[e]!;
    const at = row + expertNames.length;
    pending[at] = Number.isNaN(newest) ? Number.NaN : combined;
    pending[at + 1] = newest;
    const centre = this.isUnproven ? Number.NaN : Math.sqrt(combined);
    const heldCentre = this.isUnproven ? Number.NaN : Math.sqrt(held);
    const { unit } = this.#unrest;
    pending[at + unitAt] = unit;
    for (let i = 0; i < levelsBothWays.length; i++) {
      const level = levelsBothWays[i]!;
      const root =
        (level < 0.5 ? centre : heldCentre) +
        unit * this.#quantileInUnits(level, this.#levels.adjustedWatched(i));
      pending[at + boundsAt + i] = root < 0 ? 0 : root * root;
    }
  }

  /** How forecasts at this horizon have done lately. */
  accuracy(gridSeconds: number): HorizonAccuracy {
    return this.#accuracy.report(
      this.horizonSteps * gridSeconds,
      Object.fromEntries(expertNames.map((name, e) => [name, this.weights.of(e)])),
    );
  }

  /** A low bound of 0 that demand of 0 meets says neither that it is too high nor that it is too low. */
  #learnCoverage(index: number, truth: number, bound: number): void {
    if (levelsBothWays[index]! < 0.5 && truth === bound) return;
    this.#levels.learn(index, truth <= bound);
  }

  #rowOf(step: number): number {
    return this.#pending + (Math.floor(step / this.strideSteps) % this.#rows) * this.#width;
  }
}
