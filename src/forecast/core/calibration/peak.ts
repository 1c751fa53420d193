import type { Stores } from '../memory/arena.ts';
import { pinballLoss } from './accuracy.ts';
import { CalibratedLevels, watchedLevels } from './calibrated-levels.ts';
import { Residuals } from './residuals.ts';

/** The level at which forecast and reactive rule are compared. */
const trustLevel = 0.99;
const lossRate = 1 / 288;
/** So many matured peaks before trust can be lost, and steps it takes to go and to come back. */
const enoughPeaks = 48;
const fadeSteps = 12;
/** Hysteresis: worse than this multiple of the reactive loss loses trust, not worse than the reactive loss regains it. */
const loseRatio = 1.1;
/** Windows of fewer steps than this are kept at every step; longer ones, so many times fewer, because neighbours see the same peak. */
const everyStepBefore = 4;
/** A loss below this share of demand (a bound 1 % too high) is nothing to lose trust for: of constant demand both lose nothing. */
const negligibleLossRatio = 1e-4;
/** Residuals kept: two days of steps, and of longer windows what is not the same peak again. */
const mostResiduals = 576;
const fewestResiduals = 224;
/** Numbers kept of a forecast. */
const width = 2 + watchedLevels.length;

/** One window after the origin: what the largest row in it is, beside the base (the median path's maximum). */
export class PeakWindow {
  readonly windowSeconds: number;
  /** The same in grid steps, rounded up. */
  readonly steps: number;
  /** Forecasts are kept at steps that are whole multiples of this. */
  readonly strideSteps: number;
  /** 1 = trusted … 0 = the bounds have lately been worse than the newest row alone. */
  trust = 1;
  readonly #residuals: Residuals;
  readonly #levels: CalibratedLevels;
  // A row: base, newest row, the watched bounds. Origins are unix seconds, which need 64 bits.
  readonly #numbers: Stores['numbers'];
  readonly #pending: number;
  readonly #origins: number[];
  readonly #slots: number;
  #oldest = 0;
  #kept = 0;
  #matured = 0;
  #forecastLoss = 0;
  #reactiveLoss = 0;
  #level = 0;
  #isTrusted = true;

  constructor(windowSeconds: number, gridSeconds: number, stores: Stores) {
    const windowSteps = Math.max(1, windowSeconds / gridSeconds);
    this.windowSeconds = windowSeconds;
    this.steps = Math.ceil(windowSteps);
    this.strideSteps = Math.max(1, Math.floor(windowSteps / everyStepBefore));
    this.#residuals = new Residuals(
      Math.max(fewestResiduals, Math.floor(mostResiduals / this.strideSteps)),
      stores,
    );
    this.#levels = new CalibratedLevels(windowSteps, this.strideSteps, stores);
    this.#slots = Math.ceil(windowSteps / this.strideSteps) + 2;
    this.#origins = Array.from({ length: this.#slots }, () => 0);
    this.#numbers = stores.numbers;
    this.#pending = stores.numbers.reserve(this.#slots * width);
  }

  get residualCount(): number {
    return this.#residuals.count;
  }

  residualQuantile(level: number): number {
    return this.#residuals.quantile(this.#levels.adjusted(level));
  }

  /** Keeps a forecast made at `originSeconds` (grid times, in order), with the newest row then. */
  keep(originSeconds: number, base: number, newest: number): void {
    if (this.#kept === this.#slots) this.#dropOldest();
    const pending = this.#numbers.values;
    const slot = (this.#oldest + this.#kept) % this.#slots;
    const row = this.#rowOf(slot);
    this.#kept++;
    this.#origins[slot] = originSeconds;
    pending[row] = base;
    pending[row + 1] = newest;
    const centre = Math.sqrt(base);
    for (let i = 0; i < watchedLevels.length; i++) {
      const root = centre + this.residualQuantile(watchedLevels[i] ?? 0.5);
      pending[row + 2 + i] = root > 0 ? root * root : 0;
    }
  }

  /** Learns from every kept forecast whose window has passed. `largest(from, to)`: NaN = too few rows to tell. */
  mature(nowSeconds: number, largest: (fromSeconds: number, toSeconds: number) => number): void {
    while (this.#kept > 0) {
      const origin = this.#origins[this.#oldest] ?? 0;
      if (origin + this.windowSeconds > nowSeconds) return;
      const truth = largest(origin, origin + this.windowSeconds);
      if (!Number.isNaN(truth)) this.#learn(this.#rowOf(this.#oldest), truth);
      this.#dropOldest();
    }
  }

  #rowOf(slot: number): number {
    return this.#pending + slot * width;
  }

  #dropOldest(): void {
    this.#oldest = (this.#oldest + 1) % this.#slots;
    this.#kept--;
  }

  #learn(row: number, truth: number): void {
    const pending = this.#numbers.values;
    const base = pending[row] ?? 0;
    const newest = pending[row + 1] ?? 0;
    for (let i = 0; i < watchedLevels.length; i++) {
      const bound = pending[row + 2 + i] ?? 0;
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
