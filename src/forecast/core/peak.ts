import { pinballLoss } from './accuracy.ts';
import { createCalibratedLevels, watchedLevels } from './calibrated-levels.ts';
import { createResiduals } from './residuals.ts';

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

/** One window after the origin: what the largest row in it is, beside the base (the median path's maximum). */
export interface PeakWindow {
  readonly windowSeconds: number;
  /** The same in grid steps, rounded up. */
  readonly steps: number;
  /** Forecasts are kept at steps that are whole multiples of this. */
  readonly strideSteps: number;
  readonly residualCount: number;
  /** 1 = trusted … 0 = the bounds have lately been worse than the newest row alone. */
  readonly trust: number;
  residualQuantile(level: number): number;
  /** Keeps a forecast made at `originSeconds` (grid times, in order), with the newest row then. */
  keep(originSeconds: number, base: number, newest: number): void;
  /** Learns from every kept forecast whose window has passed. `largest(from, to)`: NaN = too few rows to tell. */
  mature(nowSeconds: number, largest: (fromSeconds: number, toSeconds: number) => number): void;
}

export function createPeakWindow(windowSeconds: number, gridSeconds: number): PeakWindow {
  const windowSteps = Math.max(1, windowSeconds / gridSeconds);
  const strideSteps = Math.max(1, Math.floor(windowSteps / everyStepBefore));
  const slots = Math.ceil(windowSteps / strideSteps) + 2;
  const width = 3 + watchedLevels.length;
  // Origins are unix seconds, which need 64 bits.
  const pending = new Float64Array(slots * width).fill(Number.NaN);
  const residuals = createResiduals();
  const levels = createCalibratedLevels(windowSteps, strideSteps);
  let oldest = 0;
  let kept = 0;
  let matured = 0;
  let forecastLoss = 0;
  let reactiveLoss = 0;
  let level = 0;
  let isTrusted = true;
  let trust = 1;

  const residualQuantile = (level: number) => residuals.quantile(levels.adjusted(level));

  function learn(row: number, truth: number): void {
    const base = pending[row + 1] ?? 0;
    const newest = pending[row + 2] ?? 0;
    for (let i = 0; i < watchedLevels.length; i++) {
      const bound = pending[row + 3 + i] ?? 0;
      levels.learn(i, truth <= bound);
      if (watchedLevels[i] === trustLevel) learnTrust(truth, bound, newest);
    }
    residuals.add(Math.sqrt(truth) - Math.sqrt(base));
  }

  function learnTrust(truth: number, bound: number, newest: number): void {
    matured++;
    const rate = Math.max(lossRate * strideSteps, 1 / matured);
    forecastLoss += rate * (pinballLoss(truth, Math.max(bound, newest), trustLevel) - forecastLoss);
    reactiveLoss += rate * (pinballLoss(truth, newest, trustLevel) - reactiveLoss);
    level += rate * (truth - level);
    if (matured * strideSteps < enoughPeaks) return;
    const negligible = negligibleLossRatio * level;
    if (forecastLoss > loseRatio * reactiveLoss + negligible) isTrusted = false;
    else if (forecastLoss <= reactiveLoss + negligible) isTrusted = true;
    trust = Math.min(1, Math.max(0, trust + (isTrusted ? 1 : -1) / fadeSteps));
  }

  return {
    windowSeconds,
    steps: Math.ceil(windowSteps),
    strideSteps,
    get residualCount() {
      return residuals.count;
    },
    get trust() {
      return trust;
    },
    residualQuantile,
    keep(originSeconds, base, newest) {
      if (kept === slots) {
        oldest = (oldest + 1) % slots;
        kept--;
      }
      const row = ((oldest + kept) % slots) * width;
      kept++;
      pending[row] = originSeconds;
      pending[row + 1] = base;
      pending[row + 2] = newest;
      const centre = Math.sqrt(base);
      for (let i = 0; i < watchedLevels.length; i++) {
        pending[row + 3 + i] = Math.max(0, centre + residualQuantile(watchedLevels[i] ?? 0.5)) ** 2;
      }
    },
    mature(nowSeconds, largest) {
      while (kept > 0) {
        const row = oldest * width;
        const origin = pending[row] ?? 0;
        if (origin + windowSeconds > nowSeconds) return;
        const truth = largest(origin, origin + windowSeconds);
        if (!Number.isNaN(truth)) learn(row, truth);
        oldest = (oldest + 1) % slots;
        kept--;
      }
    },
  };
}
