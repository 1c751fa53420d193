import type { StateCopier, Stateful } from '../../forecast/index.ts';
import { createFeedback, type Feedback } from './feedback.ts';

/** The knob is the logarithm of the headroom at the usual demand: 0 is the demand itself, 3 is twenty times as much. */
const most = 3;
/** 0.3 is a target of 74 % of what a replica carries, near what people begin with. */
const start = 0.3;
/** Time over which demand is averaged to what is usual, in days (or short seasons). */
const rememberedDays = 7;

/** Headroom of the reactive rule over the observed demand, moved by the same feedback as the level of the forecast. */
export function createHeadroom(allowedShare: number): Feedback {
  return createFeedback({ allowedShare, start, lowest: 0, highest: most, stepPerShortTick: 0.0018 });
}

/** The factor on the usual demand at a position of the knob, at least 1. */
export function headroomAt(position: number): number {
  return Math.exp(position);
}

/** What demand is on average. */
export interface UsualDemand extends Stateful {
  /** The mean over about a week; 0 before there was any demand. */
  readonly mean: number;
  /** Learns the demand of some days (a fraction of one, as a rule). */
  learn(demand: number, days: number): void;
}

export function createUsualDemand(): UsualDemand {
  return new WeeklyMean();
}

/** A class, as StartingFleet of the controllers is. */
class WeeklyMean implements UsualDemand {
  mean = 0;
  #knownDays = 0;

  copyState(copier: StateCopier): void {
    this.mean = copier.number(this.mean);
    this.#knownDays = copier.number(this.#knownDays);
  }

  learn(demand: number, days: number): void {
    this.#knownDays += days;
    this.mean += Math.min(1, Math.max(days / rememberedDays, days / this.#knownDays)) * (demand - this.mean);
  }
}
