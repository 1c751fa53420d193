import type { StateCopier } from '../memory/state-copier.ts';

/** An absence is expected to last for as long as it has lasted, up to this share of a short season: half an hour of a day. */
const mostShare = 1 / 48;

/**
 * Demand that is absent, by the outage rule, and was so at the step before too. Nothing is learned of it, but the next moments are mostly
 * like it: experts go on expecting demand, which is right for hours ahead and for bounds, and wrong for the next minutes.
 */
export class Absence {
  /** Demand of the newest step. */
  value = Number.NaN;
  readonly #mostSteps: number;
  #steps = 0;

  constructor({ shortSteps }: { readonly shortSteps: number }) {
    this.#mostSteps = Math.floor(mostShare * shortSteps);
  }

  copyState(copier: StateCopier): void {
    this.value = copier.number(this.value);
    this.#steps = copier.number(this.#steps);
  }

  /** Takes the demand of a step, and whether it counts as an outage. */
  note(value: number, isOutage: boolean): void {
    this.value = value;
    this.#steps = isOutage ? this.#steps + 1 : 0;
  }

  /** Whether the value h ≥ 1 steps ahead is likely to be as the newest one. The first step of an absence tells nothing yet. */
  reaches(h: number): boolean {
    return h <= Math.min(this.#steps - 1, this.#mostSteps);
  }
}
