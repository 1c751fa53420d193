import type { StateCopier, Stateful } from '../../forecast/index.ts';

/** What a controller of a knob needs to know. */
interface FeedbackOptions {
  /** Share of time that may be short, above 0 and below 1. */
  readonly allowedShare: number;
  /** Position of the knob at the start, and the positions it stays between. */
  readonly start: number;
  readonly lowest: number;
  readonly highest: number;
  /** How far one tick that is short moves the knob up, at an allowed share of 1 %. */
  readonly stepPerShortTick: number;
}

/** A knob that is turned until the share of time that is short is the allowed one. */
export interface Feedback extends Stateful {
  readonly position: number;
  /** Learns from `ticks` of which the share `shortShare` was short; `ticks` may be a fraction. */
  learn(shortShare: number, ticks: number): void;
}

/** The allowed share at which one short tick moves the knob by its step. */
const usualShare = 0.01;

/**
 * Integral feedback: position ← position + step × (short − allowed). In the long run the share of short time is the allowed one
 * whatever the traffic does, as long as the knob has an effect (Gibbs & Candès 2021 show it for quantiles). Where less may be short
 * there are fewer ticks to learn from, so that each counts for more, by the root of the ratio.
 */
export function createFeedback(options: FeedbackOptions): Feedback {
  return new Integral(options);
}

/** A class, as StartingFleet of the controllers is. */
class Integral implements Feedback {
  position: number;
  readonly #options: FeedbackOptions;
  readonly #step: number;

  constructor(options: FeedbackOptions) {
    this.position = options.start;
    this.#options = options;
    this.#step = options.stepPerShortTick * Math.sqrt(Math.max(1, usualShare / options.allowedShare));
  }

  copyState(copier: StateCopier): void {
    this.position = copier.number(this.position);
  }

  learn(shortShare: number, ticks: number): void {
    const { allowedShare, lowest, highest } = this.#options;
    const moved = this.position + this.#step * ticks * (shortShare - allowedShare);
    this.position = Math.min(highest, Math.max(lowest, moved));
  }
}
