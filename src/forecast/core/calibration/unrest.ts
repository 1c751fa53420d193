import type { StateCopier } from '../memory/state-copier.ts';

/** Errors of so many steps, and of this share of a horizon, are recent. */
const recentSteps = 4;
const recentShare = 1 / 3;
/** An error of more than so many usual ones counts as so many: one glitch makes no unrest. */
const mostErrors = 4;
/** Unrest below a quarter or above four times the usual is no more than that. */
const mostRatio = 4;

/**
 * How large the errors at one horizon are of late beside those of about a week. Errors come in calm and restless times, which a window
 * of days does not tell apart: its bounds are too wide in the ones and too narrow in the others. So residuals are measured in units of
 * the unrest that was known when their forecast was made, and a bound is that many units of the unrest of now (locally weighted
 * conformal prediction, Lei et al. 2018).
 */
export class Unrest {
  readonly #rate: number;
  /** Mean absolute error of late, a difference of square roots. */
  #recent = 0;
  #ratio = 1;
  #unit = 1;

  /** One forecast comes due in `strideSteps`, made `horizonSteps` before. */
  constructor(horizonSteps: number, strideSteps: number) {
    this.#rate = strideSteps / (recentSteps + recentShare * horizonSteps);
  }

  copyState(copier: StateCopier): void {
    this.#recent = copier.number(this.#recent);
    this.#keep(copier.number(this.#ratio));
  }

  /**
   * The unit of residuals now, 1 where errors are as usual. It is the cube root of the unrest: part of a large error is chance and
   * will not come again.
   */
  get unit(): number {
    return this.#unit;
  }

  /** Takes the error of a forecast that has come due, number `count`; `usual` is the mean of about a week, this one included. */
  learn(error: number, usual: number, count: number): void {
    const rate = Math.max(this.#rate, 1 / count);
    this.#recent += rate * (Math.min(error, mostErrors * usual) - this.#recent);
    this.#keep(usual > 0 ? Math.min(mostRatio, Math.max(1 / mostRatio, this.#recent / usual)) : 1);
  }

  /** A unit is read several times as often as it changes. */
  #keep(ratio: number): void {
    this.#ratio = ratio;
    this.#unit = Math.cbrt(ratio);
  }
}
