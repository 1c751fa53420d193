import type { Arena } from '../memory/arena.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import { watchedLevels } from './calibrated-levels.ts';
import { CalibratedResiduals } from './calibrated-residuals.ts';

/** Up to this many steps a window is kept at every step; longer windows proportionally less often, as neighbours share peaks. */
const everyStepBefore = 4;
/** Residuals kept: two days of steps; for longer windows fewer, of peaks that differ. */
const mostResiduals = 576;
const fewestResiduals = 224;
/** Numbers of a pending forecast: its base and the bounds of the watched levels. */
const width = 1 + watchedLevels.length;

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
  readonly #residuals: CalibratedResiduals;
  // Pending forecasts, a ring. Their origins need 64 bits.
  readonly #numbers: Arena['numbers'];
  readonly #pending: number;
  readonly #origins: number[];
  readonly #rows: number;
  #oldest = 0;
  #kept = 0;

  constructor(windowSeconds: number, gridSeconds: number, arena: Arena) {
    const windowSteps = Math.max(1, windowSeconds / gridSeconds);
    this.windowSeconds = windowSeconds;
    this.steps = Math.ceil(windowSteps);
    this.strideSteps = Math.max(1, Math.floor(windowSteps / everyStepBefore));
    const capacity = Math.max(fewestResiduals, Math.floor(mostResiduals / this.strideSteps));
    this.#residuals = new CalibratedResiduals(capacity, windowSteps, this.strideSteps, arena);
    this.#rows = Math.ceil(windowSteps / this.strideSteps) + 2;
    this.#origins = Array.from({ length: this.#rows }, () => 0);
    this.#numbers = arena.numbers;
    this.#pending = arena.numbers.reserve(this.#rows * width);
  }

  /** Bases and bounds of pending forecasts are in the arena. */
  copyState(copier: StateCopier): void {
    this.#residuals.copyState(copier);
    copier.list(this.#origins);
    this.#oldest = copier.number(this.#oldest);
    this.#kept = copier.number(this.#kept);
  }

  /** Number of matured peaks whose residuals are kept. */
  get residualCount(): number {
    return this.#residuals.count;
  }

  /** How far above the base the bound for `level` lies, a difference of square roots. */
  residualQuantile(level: number): number {
    return this.#residuals.quantile(level);
  }

  /** Keeps a forecast made at `originSeconds`, a grid time later than any before. */
  keep(originSeconds: number, base: number): void {
    if (this.#kept === this.#rows) this.#dropOldest();
    const pending = this.#numbers.values;
    const place = (this.#oldest + this.#kept) % this.#rows;
    const row = this.#rowOf(place);
    this.#kept++;
    this.#origins[place] = originSeconds;
    pending[row] = base;
    this.#residuals.writeBounds(base, row + 1);
  }

  /** Learns from every kept forecast whose window has passed. `largest(from, to)` is NaN where it is unknown. */
  mature(nowSeconds: number, largest: (fromSeconds: number, toSeconds: number) => number): void {
    while (this.#kept > 0) {
      const origin = this.#origins[this.#oldest]!;
      if (origin + this.windowSeconds > nowSeconds) return;
      const truth = largest(origin, origin + this.windowSeconds);
      const row = this.#rowOf(this.#oldest);
      if (!Number.isNaN(truth)) this.#residuals.learn(this.#numbers.values[row]!, truth, row + 1);
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
}
