import { hpaDefaults } from '../../controllers/index.ts';
import type { StateCopier, Stateful } from '../../forecast/index.ts';
import type { Feedback } from './feedback.ts';

/** Of one shortage a knob learns from these first seconds, or from as long as replicas need to start, if that is longer. */
const learnedSeconds = 600;
/**
 * A shortage that goes on is an incident until it has lasted for so long, seconds. What is observed is always asked for, so that
 * no incident is short for hours: what is, is the usual state of a rule that serves too little.
 */
const incidentSeconds = 3 * 3600;

/** Learns from ticks; what it learns for the knob is in the knob. */
export interface ShortageLearner extends Stateful {
  /** A tick moves the knob as `haste` ticks do (default: 1). */
  learn(isShort: boolean, haste?: number): void;
}

/**
 * Tells a knob of the ticks that were short. Of a long shortage only the beginning counts, because what nobody could foresee is no
 * reason to be dear for days; the rest teaches nothing, neither that too little was served nor that enough was. Shortages with
 * little time between them are one. `ticksOfTick` is how many ticks of a day of 24 hours one tick counts for.
 */
export function createShortageLearner(
  knob: Feedback,
  leadTimeSeconds: number,
  ticksOfTick: number,
): ShortageLearner {
  return new BeginningsLearner(knob, leadTimeSeconds, ticksOfTick);
}

/** A class, as StartingFleet of the controllers is. */
class BeginningsLearner implements ShortageLearner {
  readonly #knob: Feedback;
  readonly #ticksOfTick: number;
  readonly #mostLearned: number;
  #inShortage = 0;

  constructor(knob: Feedback, leadTimeSeconds: number, ticksOfTick: number) {
    this.#knob = knob;
    this.#ticksOfTick = ticksOfTick;
    this.#mostLearned = Math.max(learnedSeconds, leadTimeSeconds * ticksOfTick) / hpaDefaults.syncSeconds;
  }

  learn(isShort: boolean, haste = 1): void {
    const ticksOfTick = this.#ticksOfTick;
    const endOfIncident = this.#mostLearned + incidentSeconds / hpaDefaults.syncSeconds;
    const longest = endOfIncident + this.#mostLearned;
    const inShortage = isShort
      ? Math.min(longest, this.#inShortage + ticksOfTick)
      : Math.max(0, this.#inShortage - ticksOfTick);
    this.#inShortage = inShortage;
    if (!isShort) this.#knob.learn(0, haste * ticksOfTick);
    else if (inShortage <= this.#mostLearned || inShortage > endOfIncident)
      this.#knob.learn(1, haste * ticksOfTick);
  }

  copyState(copier: StateCopier): void {
    this.#inShortage = copier.number(this.#inShortage);
  }
}
