import type { StateCopier } from '../memory/state-copier.ts';

/** Below this share of the highest credible demand the workload is idle. */
const idleRatio = 0.01;
/** Nothing came where less than this share of what was expected did, and demand came where more than that share did. */
const nothingRatio = 0.1;
const demandRatio = 0.5;
/** Nothing is learned from the first hour after demand has ended, in which experts expect some of it still. */
const settleSteps = 12;
/** Up to this many times what was expected where nothing came, the expected is noise. */
const marginRatio = 2;

/**
 * Tells small demand that is expected of an idle workload from what experts expect where nothing comes. Experts that have seen
 * weeks of demand expect a thousandth of it for days after it has ended: next to nothing, but more than what wakes a workload.
 */
export class IdleDemand {
  /** A lower expected value is idle. */
  #below = 0;
  /** The highest idle value that was expected where nothing came, since demand last came where as little was expected. */
  #noise = 0;
  /** Steps for which it has been idle. */
  #steps = 0;

  copyState(copier: StateCopier): void {
    this.#below = copier.number(this.#below);
    this.#noise = copier.number(this.#noise);
    this.#steps = copier.number(this.#steps);
  }

  /** Whether an expected value is next to nothing beside what demand can be. */
  isIdle(expected: number): boolean {
    return expected < this.#below;
  }

  /** Whether nothing comes where so little is expected. */
  isNoise(expected: number): boolean {
    return this.isIdle(expected) && expected <= marginRatio * this.#noise;
  }

  /** Learns what came of what was expected. `highest`: the highest credible demand. */
  learn(expected: number, came: number, highest: number): void {
    this.#below = idleRatio * highest;
    this.#steps = this.isIdle(expected) ? this.#steps + 1 : 0;
    if (this.#steps <= settleSteps) return;
    if (came < nothingRatio * expected) this.#noise = Math.max(this.#noise, expected);
    if (came > demandRatio * expected) this.#noise = Math.min(this.#noise, expected / (2 * marginRatio));
  }
}
