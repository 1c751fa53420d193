import { type SlotMeans, usualAt } from '../memory/slot-means.ts';
import type { StateCopier } from '../memory/state-copier.ts';
import { IncidentHabits } from './incident-habits.ts';
import { UsualShift } from './usual-shift.ts';

/** Demand in an incident is more than this many times above or below everything that is usual at its time. */
const farRatio = 2;
/**
 * Demand in an incident differs from everything usual by more than this many typical differences of square roots, whose noise
 * is alike at every level.
 */
const farDifferences = 8;
/** An incident is over when demand is again within this many times of the usual. */
const backRatio = 1.5;
const farRoot = Math.sqrt(farRatio);
const backRoot = Math.sqrt(backRatio);

export interface IncidentOptions {
  readonly shortSeasonSteps: number;
  /** 0 = there is no long season. */
  readonly longSeasonSteps: number;
  /** Usual demand, as square roots; it must not have learned the steps that are under suspicion. */
  readonly usualDay: Pick<SlotMeans, 'at'>;
  readonly usualWeek: Pick<SlotMeans, 'at'>;
}

/** The range, as square roots, that contains all that is usual at a step. */
interface UsualRange {
  readonly low: number;
  readonly high: number;
}

/**
 * Distinguishes incidents (a load test, half a service down) from demand. An incident is some hours of demand far from all that
 * is usual, which happen once and end. While one lasts, forecasts follow demand but nothing is learned for good; when it is over, the
 * usual takes its place in what is remembered, so that neither tomorrow nor the same day next week is expected to repeat it.
 *
 * The rule is strict, because masked steps are not learned and steps that were not learned look like an incident again.
 * Demand that comes a second time within a week at about the same time of day (a habit) and demand that lasts (a level) are
 * learned. The rule finds no incident before a long season, or two short ones, have been seen.
 */
export class IncidentRule {
  /** Number of newest steps that are under suspicion; 0 = none. */
  suspectSteps = 0;
  readonly #options: IncidentOptions;
  readonly #habits: IncidentHabits;
  readonly #usualShift: UsualShift;
  readonly #readySteps: number;
  /** An incident begins after a quarter of an hour of a day, is over after half an hour, and lasts six hours at most. */
  readonly #sureSteps: number;
  readonly #backSteps: number;
  readonly #patienceSteps: number;
  /** First step of the incident; −1 = there is none. */
  #startedAt = -1;
  /** The incident is a habit, so that it is learned as any other demand. */
  #isBelieved = false;
  #farInARow = 0;
  #backInARow = 0;

  constructor(options: IncidentOptions) {
    const { shortSeasonSteps, longSeasonSteps } = options;
    this.#options = options;
    this.#habits = new IncidentHabits(shortSeasonSteps, longSeasonSteps);
    this.#usualShift = new UsualShift(shortSeasonSteps);
    this.#readySteps = Math.max(longSeasonSteps, 2 * shortSeasonSteps);
    this.#sureSteps = Math.max(1, Math.round(shortSeasonSteps / 96));
    this.#backSteps = Math.max(1, Math.round(shortSeasonSteps / 48));
    this.#patienceSteps = Math.floor(shortSeasonSteps / 4);
  }

  copyState(copier: StateCopier): void {
    this.#habits.copyState(copier);
    this.#usualShift.copyState(copier);
    this.suspectSteps = copier.number(this.suspectSteps);
    this.#startedAt = copier.number(this.#startedAt);
    this.#isBelieved = copier.flag(this.#isBelieved);
    this.#farInARow = copier.number(this.#farInARow);
    this.#backInARow = copier.number(this.#backInARow);
  }

  /**
   * Takes the newest value, as a square root, at `step`: one more than before or, where clocks were set back, fewer. Returns
   * how many of the newest steps, this one included, were an incident that is over now; 0 in nearly all cases.
   */
  note(step: number, root: number, isObserved: boolean): number {
    const isBehindStart = step < this.#startedAt;
    if (isBehindStart) this.#close();
    if (this.#startedAt >= 0 && !this.#isBelieved) this.suspectSteps = step - this.#startedAt + 1;
    const day = this.#options.usualDay.at(step);
    if (!isObserved || Number.isNaN(day)) return 0;
    const range = this.#usualRange(step, day);
    if (this.#startedAt >= 0) return this.#noteDuringIncident(step, root, range);
    this.#noteInCalm(step, root, range);
    return 0;
  }

  /** The square root that replaces the value of a step of the incident that has just ended. */
  standIn(step: number): number {
    return Math.max(0, this.#usual(step) + this.#usualShift.shift);
  }

  #noteInCalm(step: number, root: number, { low, high }: UsualRange): void {
    const margin = farDifferences * this.#usualShift.typical;
    const isAbove = root > farRoot * high && root - high > margin;
    const isBelow = farRoot * root < low && low - root > margin;
    if (step < this.#readySteps || !(isAbove || isBelow)) {
      this.#farInARow = 0;
      this.#usualShift.learn(root - this.#usual(step));
      return;
    }
    this.#farInARow++;
    if (this.#farInARow >= this.#sureSteps) this.#open(step);
  }

  #noteDuringIncident(step: number, root: number, { low, high }: UsualRange): number {
    const hasComeToStay = step - this.#startedAt >= this.#patienceSteps;
    if (hasComeToStay) {
      this.#usualShift.shift = root - this.#usual(step);
      this.#close();
      return 0;
    }
    this.#backInARow = root <= backRoot * high && backRoot * root >= low ? this.#backInARow + 1 : 0;
    if (this.#backInARow < this.#backSteps) return 0;
    const overSteps = this.suspectSteps;
    this.#close();
    return overSteps;
  }

  #usualRange(step: number, day: number): UsualRange {
    const week = this.#options.usualWeek.at(step);
    const ofWeek = Number.isNaN(week) ? day : week;
    const expected = this.#usual(step) + this.#usualShift.shift;
    return { low: Math.max(0, Math.min(day, ofWeek, expected)), high: Math.max(day, ofWeek, expected) };
  }

  #usual(step: number): number {
    return usualAt(this.#options.usualDay, this.#options.usualWeek, step);
  }

  #open(step: number): void {
    this.#startedAt = step - this.#sureSteps + 1;
    this.#isBelieved = this.#habits.note(this.#startedAt);
    this.suspectSteps = this.#isBelieved ? 0 : this.#sureSteps;
    this.#backInARow = 0;
  }

  #close(): void {
    this.#startedAt = -1;
    this.#farInARow = 0;
    this.suspectSteps = 0;
  }
}
