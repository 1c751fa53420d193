import type { StateCopier } from '../memory/state-copier.ts';

/** A horizon at which forecasts are kept until the truth is known. */
export interface BelievedHorizon {
  readonly horizonSteps: number;
  readonly strideSteps: number;
  /** Recent mean absolute error, in square roots. */
  readonly typicalError: number;
}

/** What an event has shown is forgotten with this time constant. */
const forgetSeconds = 2 * 3600;
/**
 * Evidence for the calendar at the beginning: so many forecasts that are a typical error apart, and so many more for each that is kept
 * within one horizon's length, because those err alike.
 */
const priorForecasts = 2;

/**
 * How far demand lately went from what would have been expected without a calendar to what was expected with it, at each horizon: 1 = all
 * the way, 0 = not at all. It is the regression of forecasts of both kinds that have come due, from where the calendar is believed.
 * Numbers are square roots.
 */
export class EventBelief {
  readonly #horizons: readonly BelievedHorizon[];
  readonly #keep: number;
  /** Forecasts without and with the calendar that have not come due, by horizon; NaN where they are the same. */
  readonly #plain: readonly Float64Array[];
  readonly #known: readonly Float64Array[];
  readonly #product: Float64Array;
  readonly #square: Float64Array;

  constructor(horizons: readonly BelievedHorizon[], gridSeconds: number) {
    this.#horizons = horizons;
    this.#keep = Math.exp(-gridSeconds / forgetSeconds);
    const pending = () =>
      horizons.map(({ horizonSteps, strideSteps }) =>
        new Float64Array(Math.ceil(horizonSteps / strideSteps)).fill(Number.NaN),
      );
    this.#plain = pending();
    this.#known = pending();
    this.#product = new Float64Array(horizons.length);
    this.#square = new Float64Array(horizons.length);
  }

  copyState(copier: StateCopier): void {
    for (const numbers of [...this.#plain, ...this.#known, this.#product, this.#square])
      copier.numbers(numbers);
  }

  /** Learns from the forecasts that come due at a step; `truth` NaN = it is not known what came. */
  mature(step: number, truth: number): void {
    for (const [i, { horizonSteps, strideSteps }] of this.#horizons.entries()) {
      this.#product[i]! *= this.#keep;
      this.#square[i]! *= this.#keep;
      const madeAt = step - horizonSteps;
      if (madeAt < 0 || madeAt % strideSteps !== 0) continue;
      const row = this.#rowOf(i, madeAt);
      const plain = this.#plain[i]![row]!;
      const change = this.#known[i]![row]! - plain;
      if (Number.isNaN(truth + change)) continue;
      this.#product[i]! += change * (truth - plain);
      this.#square[i]! += change * change;
    }
  }

  /** Keeps the forecasts of a step for the horizon of a number. */
  keep(index: number, step: number, plain: number, known: number): void {
    const row = this.#rowOf(index, step);
    this.#plain[index]![row] = plain === known ? Number.NaN : plain;
    this.#known[index]![row] = known;
  }

  /** Forgets what was shown, because another event, or none, takes place. */
  forget(): void {
    this.#product.fill(0);
    this.#square.fill(0);
  }

  /** How far the calendar is believed h steps ahead, 0–1. */
  ahead(h: number): number {
    let above = 0;
    while (above < this.#horizons.length - 1 && this.#horizons[above]!.horizonSteps < h) above++;
    const below = Math.max(0, above - 1);
    const [from, to] = [this.#horizons[below]!.horizonSteps, this.#horizons[above]!.horizonSteps];
    const share = from < h && h < to ? Math.log(h / from) / Math.log(to / from) : h <= from ? 0 : 1;
    return (1 - share) * this.#at(below) + share * this.#at(above);
  }

  #at(index: number): number {
    const { horizonSteps, strideSteps, typicalError } = this.#horizons[index]!;
    const prior = priorForecasts * (1 + horizonSteps / strideSteps) * typicalError ** 2;
    const share = (this.#product[index]! + prior) / (this.#square[index]! + prior);
    return Number.isNaN(share) ? 1 : Math.min(1, Math.max(0, share));
  }

  #rowOf(index: number, step: number): number {
    return Math.floor(step / this.#horizons[index]!.strideSteps) % this.#plain[index]!.length;
  }
}
