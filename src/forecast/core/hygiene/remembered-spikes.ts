import type { StateCopier } from '../memory/state-copier.ts';

/** Number of steps that are remembered: an hour of spikes each day for two weeks. */
const mostRemembered = 168;

/** Spikes that were shown or remembered lower than they were, as they were. The newest replace the oldest. */
export class RememberedSpikes {
  readonly #steps: number[] = [];
  readonly #roots: number[] = [];
  #next = 0;

  copyState(copier: StateCopier): void {
    copier.list(this.#steps);
    copier.list(this.#roots);
    this.#next = copier.number(this.#next);
  }

  add(step: number, root: number): void {
    this.#steps[this.#next] = step;
    this.#roots[this.#next] = Math.fround(root);
    this.#next = (this.#next + 1) % mostRemembered;
  }

  /** The highest root at most `slackSteps` away from a step; 0 where there was none. */
  highestNear(step: number, slackSteps: number): number {
    let highest = 0;
    for (let i = 0; i < this.#steps.length; i++) {
      if (Math.abs(this.#steps[i]! - step) <= slackSteps) highest = Math.max(highest, this.#roots[i]!);
    }
    return highest;
  }
}
