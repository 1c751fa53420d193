import type { Arena } from '../memory/arena.ts';
import { pinballLoss } from './accuracy.ts';
import { CalibratedLevels, type WatchedLevel, watchedLevels } from './calibrated-levels.ts';
import { Residuals } from './residuals.ts';

/** The level at which the bound and the reactive rule are compared. */
const trustLevel: WatchedLevel = 0.99;
const lossRate = 1 / 288;
/** Steps of matured peaks before trust can be lost. */
const enoughPeaks = 48;
/** Steps that trust takes from 1 to 0, and back. */
const fadeSteps = 12;
/** Hysteresis: a loss above this multiple of the reactive loss loses trust, a loss up to the reactive one regains it. */
const loseRatio = 1.1;
/** Up to this many steps a window is kept at every step; longer windows proportionally less often, as neighbours share peaks. */
const everyStepBefore = 4;
/** A loss below this share of demand, a bound 1 % too high, costs no trust: of constant demand neither side loses anything. */
const negligibleLossRatio = 1e-4;
/** Residuals kept: two days of steps; for longer windows fewer, of peaks that differ. */
const mostResiduals = 576;
const fewestResiduals = 224;
/** Numbers of a pending forecast: its base, the newest row then, the bounds of the watched levels. */
const width = 2 + watchedLevels.length;

/**
 * One window after the origin, and how its largest row compares with the base, the maximum of the combined path within it.
 * Values are in the engine's unit, times are unix seconds.
 */
export class PeakWindow {
  readonly windowSeconds: number;
  /** Length of the window in grid steps, rounded up. */
  readonly steps: number;
  /** Forecasts are kept at steps that are whole multiples of this. */
  readonly strideSteps: number;
  /** 1 = trusted … 0 = the bounds have lately been worse than the newest row alone. */
  trust = 1;
  readonly #residuals: Residuals;
  readonly #levels: CalibratedLevels;
  // Pending forecasts, a ring. Their origins need 64 bits.
  readonly #numbers: Arena['numbers'];
  readonly #pending: number;
  readonly #origins: number[];
  readonly #rows: number;
  #oldest = 0;
  #kept = 0;
  #matured = 0;
  #forecastLoss = 0;
  #reactiveLoss = 0;
  #level = 0;
  #isTrusted = true;

  constructor(windowSeconds: number, gridSeconds: number, arena: Arena) {
    const windowSteps = Math.max(1, windowSeconds / gridSeconds);
    this.windowSeconds = windowSeconds;
    this.steps = Math.ceil(windowSteps);
    this.strideSteps = Math.max(1, Math.floor(windowSteps / everyStepBefore));
    const capacity = Math.max(fewestResiduals, Math.floor(mostResiduals / this.strideSteps));
    this.#residuals = new Residuals(capacity, arena);
    this.#levels = new CalibratedLevels(windowSteps, this.strideSteps, arena);
    this.#rows = Math.ceil(windowSteps / this.strideSteps) + 2;
    this.#origins = Array.from({ length: this.#rows }, () => 0);
    this.#numbers = arena.numbers;
    this.#pending = arena.numbers.reserve(this.#rows * width);
  }

  /** Number of matured peaks whose residuals are kept. */
  get residualCount(): number {
    return this.#residuals.count;
  }

  /** How far above the base the bound for `level` lies, a difference of square roots. */
  residualQuantile(level: number): number {
    return this.#residuals.quantile(this.#levels.adjusted(level));
  }

  /** Keeps a forecast made at `originSeconds`, a grid time later than any before, with the newest row then. */
  keep(originSeconds: number, base: number, newest: number): void {
    if (this.#kept === this.#rows) this.#dropOldest();
    const pending = this.#numbers.values;
    const place = (this.#oldest + this.#kept) % this.#rows;
    const row = this.#rowOf(place);
    this.#kept++;
    this.#origins[place] = originSeconds;
    pending[row] = base;
    pending[row + 1] = newest;
    const centre = Math.sqrt(base);
    for (let i = 0; i < watchedLevels.length; i++) {
      const root = centre + this.residualQuantile(watchedLevels[i]!);
      pending[row + 2 + i] = root > 0 ? root * root : 0;
    }
  }

  /** Learns from every kept forecast whose window has passed. `largest(from, to)` is NaN where it is unknown. */
  mature(nowSeconds: number, largest: (fromSeconds: number, toSeconds: number) => number): void {
    while (this.#kept > 0) {
      const origin = this.#origins[this.#oldest]!;
      if (origin + this.windowSeconds > nowSeconds) return;
      const truth = largest(origin, origin + this.windowSeconds);
      if (!Number.isNaN(truth)) this.#learn(this.#rowOf(this.#oldest), truth);
      this.#dropOldest();
    }
  }

  #rowOf(place: number): number {
    return this.#pending + place * width;
  }

  #dropOldest(): void {
    this.#oldest = (this.#oldest + 1) % this.#rows;
    this.#kept--;
  }

  #learn(row: number, truth: number): void {
    const pending = this.#numbers.values;
    const base = pending[row]!;
    const newest = pending[row + 1]!;
    for (let i = 0; i < watchedLevels.length; i++) {
      const bound = pending[row + 2 + i]!;
      this.#levels.learn(i, truth <= bound);
      if (watchedLevels[i] === trustLevel) this.#learnTrust(truth, bound, newest);
    }
    this.#residuals.add(Math.sqrt(truth) - Math.sqrt(base));
  }

  #learnTrust(truth: number, bound: number, newest: number): void {
    this.#matured++;
    const rate = Math.max(lossRate * this.strideSteps, 1 / this.#matured);
    this.#forecastLoss +=
      rate * (pinballLoss(truth, Math.max(bound, newest), trustLevel) - this.#forecastLoss);
    this.#reactiveLoss += rate * (pinballLoss(truth, newest, trustLevel) - this.#reactiveLoss);
    this.#level += rate * (truth - this.#level);
    if (this.#matured * this.strideSteps < enoughPeaks) return;
    const negligible = negligibleLossRatio * this.#level;
    if (this.#forecastLoss > loseRatio * this.#reactiveLoss + negligible) this.#isTrusted = false;
    else if (this.#forecastLoss <= this.#reactiveLoss + negligible) this.#isTrusted = true;
    const change = ((this.#isTrusted ? 1 : -1) * this.strideSteps) / fadeSteps;
    this.trust = Math.min(1, Math.max(0, this.trust + change));
  }
}
