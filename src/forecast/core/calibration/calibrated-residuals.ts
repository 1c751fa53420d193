import type { Arena } from '../memory/arena.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import { CalibratedLevels, watchedLevels } from './calibrated-levels.ts';
import { Residuals } from './residuals.ts';
import { isShock, type JudgedBound, Shock, shockLevel } from './shock.ts';

/** More shocks than this in a week are no shocks but the way demand is. */
const mostShocks = 2;
const weekSteps = 2016;
/** Steps before the first shock: without the residuals of six hours enough are left for a bound (readiness.ts). */
const enoughSteps = 192;
const noShocks: readonly number[] = [];
/** Something to be overwritten with a shock that was saved. */
const anyBound: JudgedBound = { base: 0, bound: 0, truth: 0 };
const shockIndex = watchedLevels.indexOf(shockLevel);

/**
 * Residuals of matured forecasts, differences of square roots, with quantiles whose coverage is kept by feedback. The residuals
 * of a shock are forgotten when it is over, and of its misses one counts.
 */
export class CalibratedResiduals {
  readonly #residuals: Residuals;
  readonly #levels: CalibratedLevels;
  readonly #strideSteps: number;
  readonly #numbers: Arena['numbers'];
  #steps = 0;
  #shock: Shock | undefined;
  /** Offsets of the levels after the first miss of the shock. */
  #offsets: Float32Array | undefined;
  /** The steps at which the newest shocks began. */
  #shockSteps = noShocks;

  /** `capacity`: residuals that are kept; `horizonSteps`, `strideSteps`: as in CalibratedLevels. */
  constructor(capacity: number, horizonSteps: number, strideSteps: number, arena: Arena) {
    this.#residuals = new Residuals(capacity, arena);
    this.#levels = new CalibratedLevels(horizonSteps, strideSteps, arena);
    this.#strideSteps = strideSteps;
    this.#numbers = arena.numbers;
  }

  copyState(copier: StateCopier): void {
    this.#residuals.copyState(copier);
    this.#steps = copier.number(this.#steps);
    const shockSteps = [...this.#shockSteps];
    copier.list(shockSteps);
    this.#shockSteps = shockSteps;
    this.#shock = copier.flag(this.#shock !== undefined) ? (this.#shock ?? new Shock(anyBound)) : undefined;
    this.#shock?.copyState(copier);
    // Offsets are there from the first shock on.
    if (shockSteps.length === 0) return;
    this.#offsets ??= new Float32Array(watchedLevels.length);
    copier.numbers(this.#offsets);
  }

  get count(): number {
    return this.#residuals.count;
  }

  /** How far above a forecast the bound for `level` lies, a difference of square roots. */
  quantile(level: number): number {
    return this.#residuals.quantile(this.#levels.adjusted(level));
  }

  /** Writes the bounds of the watched levels for a forecast into the arena, from `at` on. */
  writeBounds(base: number, at: number): void {
    const centre = Math.sqrt(base);
    const { values } = this.#numbers;
    for (let i = 0; i < watchedLevels.length; i++) {
      const root = centre + this.#residuals.quantile(this.#levels.adjustedWatched(i));
      values[at + i] = root > 0 ? root * root : 0;
    }
  }

  /** Learns from a forecast that has come due; the bounds that were written for it begin at `boundsAt`. */
  learn(base: number, truth: number, boundsAt: number): void {
    const { values } = this.#numbers;
    this.#steps += this.#strideSteps;
    for (let i = 0; i < watchedLevels.length; i++) this.#levels.learn(i, truth <= values[boundsAt + i]!);
    const judged = { base, bound: values[boundsAt + shockIndex]!, truth };
    if (this.#shock === undefined && isShock(judged)) this.#beginShock(judged);
    this.#residuals.add(Math.sqrt(truth) - Math.sqrt(base));
    if (this.#shock !== undefined) this.#followShock(this.#shock, judged);
  }

  #beginShock(judged: JudgedBound): void {
    const lately = this.#shockSteps.filter((step) => this.#steps - step < weekSteps);
    if (lately.length >= mostShocks || this.#steps < enoughSteps) return;
    this.#shockSteps = [...lately, this.#steps];
    this.#shock = new Shock(judged);
    this.#offsets = this.#levels.offsets;
  }

  #followShock(shock: Shock, judged: JudgedBound): void {
    const stage = shock.follow(judged, this.#strideSteps);
    if (stage === 'lasts') return;
    this.#shock = undefined;
    if (stage === 'stays' || this.#offsets === undefined) return;
    this.#residuals.forgetAbove(shock.farMargin, shock.count);
    this.#levels.restore(this.#offsets);
  }
}
