import { hpaDefaults } from '../../controllers/index.ts';
import type { Stateful } from '../../forecast/index.ts';
import type { Feedback } from './feedback.ts';

/** Of one shortage a knob learns from these first seconds, or from as long as replicas need to start, if that is longer. */
const learnedSeconds = 600;
/**
 * A shortage that goes on is an incident until it has lasted for so long, seconds. What is observed is always asked for, so that
 * no incident is short for hours: what is, is the usual state of a rule that serves too little.
 */
const incidentSeconds = 3 * 3600;

/** Learns from ticks; what it learns for the knob is in the knob. */
interface ShortageLearner extends Stateful {
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
  const mostLearned = Math.max(learnedSeconds, leadTimeSeconds * ticksOfTick) / hpaDefaults.syncSeconds;
  const endOfIncident = mostLearned + incidentSeconds / hpaDefaults.syncSeconds;
  const longest = endOfIncident + mostLearned;
  let inShortage = 0;
  return {
    learn(isShort, haste = 1) {
      inShortage = isShort
        ? Math.min(longest, inShortage + ticksOfTick)
        : Math.max(0, inShortage - ticksOfTick);
      if (!isShort) knob.learn(0, haste * ticksOfTick);
      else if (inShortage <= mostLearned || inShortage > endOfIncident) knob.learn(1, haste * ticksOfTick);
    },
    copyState(copier) {
      inShortage = copier.number(inShortage);
    },
  };
}
