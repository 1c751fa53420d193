import { daySeconds } from '../clock/grid.ts';
import type { StateCopier } from '../memory/state-copier.ts';

/** What the event shows is forgotten with this time constant, and is taken to last as long. */
const fadeSeconds = 6 * 3600;
/** Evidence for the effect as it was foreseen: that of one step whose root was to differ by a fifth. */
const priorSquare = 0.04;
const mostShare = 1.5;
/** How long an event is expected to do what was foreseen though it does not show; and from when on what it shows is all there is. */
const patientSeconds = 7 * daySeconds;
const impatientSeconds = 14 * daySeconds;

/** How far an event that has lasted for so long is expected to do what was foreseen, whatever it has shown: 0–1. */
export const patienceAfter = (lastedSeconds: number): number =>
  Math.min(1, Math.max(0, (impatientSeconds - lastedSeconds) / (impatientSeconds - patientSeconds)));

/**
 * How much of its foreseen effect an event shows lately: 1 = all of it, 0 = none, so that the demand is that of an ordinary day. An
 * effect that does not come is no reason to take ordinary demand for lower.
 */
export class ShownShare {
  readonly #gridSeconds: number;
  #product = 0;
  #square = 0;

  constructor(gridSeconds: number) {
    this.#gridSeconds = gridSeconds;
  }

  copyState(copier: StateCopier): void {
    this.#product = copier.number(this.#product);
    this.#square = copier.number(this.#square);
  }

  /** Share of the effect that is to be expected h steps ahead; `patience` says how far it is expected to come after all, 0–1. */
  ahead(h: number, patience: number): number {
    const share = (this.#product + priorSquare) / (this.#square + priorSquare);
    const bounded = Math.min(mostShare, Math.max(0, share));
    const comesAfterAll = patience * (1 - Math.exp((-h * this.#gridSeconds) / fadeSeconds));
    return bounded + comesAfterAll * (1 - bounded);
  }

  /** Learns a step: how many times it was to differ and did differ from an ordinary day, as roots above 0. */
  learn(foreseen: number, came: number): void {
    const keep = Math.exp(-this.#gridSeconds / fadeSeconds);
    const effect = Math.log(foreseen);
    this.#product = keep * this.#product + effect * Math.log(came);
    this.#square = keep * this.#square + effect * effect;
  }

  forget(): void {
    this.#product = 0;
    this.#square = 0;
  }
}
