import { createFeedback, type Feedback } from './feedback.ts';
import type { ServiceRule } from './service-rule.ts';

/** Which bound of the peak is asked for. */
export interface AskedBound {
  /** Level of the peak's distribution, above 0 and below 1. */
  readonly level: number;
  /** The bound at `level` is multiplied by this; below 1 only where the lowest level still serves more than was promised. */
  readonly factor: number;
  /** The demand to be ready for is at least this multiple of the observed demand; at least 1. */
  readonly margin: number;
}

/** The knob counts the nines of the level: 1 is 0.9, 2 is 0.99. */
const lowestNines = 0.1;
/** A level within 10⁻⁴ of 1 is beyond what two days of peaks can tell. */
const mostNines = 3.9;
/** Below the lowest level the knob lowers the bound itself, by this share for each of its units. */
const sharePerUnit = 0.1;
const lowestPosition = -1.7;
/**
 * Each nine asked for above the first half adds a quarter to the logarithm of the margin: it is 1.13 at 0.9 and 1.45 at
 * 0.99. A bound knows what is usual and learns a new level only with time, the margin follows it at once. Values from
 * 0.15 to 0.3 and from 0.25 to 0.75 do about as well.
 */
const marginPerNine = 0.25;
const ninesWithoutMargin = 0.5;

/** The level is moved by feedback; at first it leaves five times the allowed share, which is about what delivers it. */
export function createAskedLevel(allowedShare: number): Feedback {
  return createFeedback({
    allowedShare,
    start: Math.min(mostNines, Math.max(lowestNines, -Math.log10(Math.min(0.5, 5 * allowedShare)))),
    lowest: lowestPosition,
    highest: mostNines,
    stepPerShortTick: 0.007,
  });
}

/** The bound at a position of the knob. */
export function boundAskedAt(position: number): AskedBound {
  const nines = Math.max(lowestNines, position);
  return {
    level: 1 - 10 ** -nines,
    factor: 1 + sharePerUnit * Math.min(0, position - lowestNines),
    margin: Math.exp(marginPerNine * Math.max(0, position - ninesWithoutMargin)),
  };
}

/** Share of what may be short that is aimed at: the rest is for what a play does not know of. */
const aimedRatio = 0.9;

/** Share of time that is aimed to be short. */
export function aimedShare({ serviceLevel }: Pick<ServiceRule, 'serviceLevel'>): number {
  return aimedRatio * (1 - serviceLevel);
}

/** The bound that is asked for before anything was played. */
export function firstAsked(rule: Pick<ServiceRule, 'serviceLevel'>): AskedBound {
  return boundAskedAt(createAskedLevel(aimedShare(rule)).position);
}
