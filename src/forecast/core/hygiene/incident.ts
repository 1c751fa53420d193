import type { SlotMeans } from '../memory/slot-means.ts';

/** An incident is at least so many times above or below all that is usual at its time… */
const farRatio = 2;
/** …and by so many typical differences of square roots, where the noise of counts is alike at every level. */
const farDifferences = 8;
/** It is over when demand is within so many times of what is usual. */
const backRatio = 1.5;
/** What happens more often in a long season is the way the demand is. */
const mostASeason = 3;
/** Shares of the day and the week in what is usual. */
const dayShare = 0.4;

export interface IncidentOptions {
  readonly shortSeasonSteps: number;
  /** 0 = there is none. */
  readonly longSeasonSteps: number;
  /** What is usual; it must not have learned what is under suspicion. */
  readonly usualDay: Pick<SlotMeans, 'at'>;
  readonly usualWeek: Pick<SlotMeans, 'at'>;
}

/**
 * Tells what was only an incident (a load test, half a service down) from demand: hours far from all that is usual, once,
 * and then back. While it lasts forecasts follow what is seen, but nothing is learned for good; when it is over, what is
 * usual takes its place in what is remembered, so that neither tomorrow nor the same day next week is expected to repeat
 * it. Strict, because what is masked is not learned, and what is not learned looks like an incident again: what comes a
 * second time within a week at about the same time of day is a habit, and what lasts is a level. Both are believed.
 */
export interface IncidentRule {
  /** So many of the newest steps are under suspicion. 0 = none. */
  readonly suspectSteps: number;
  /**
   * The newest value, as a square root, at `step`, one more than before or, where clocks were set back, fewer. Returns how
   * many of the newest steps, this one included, were an incident that is over now; 0 mostly.
   */
  note(step: number, root: number, isObserved: boolean): number;
  /** What takes the place of the value of a step of the incident that has just ended, as a square root. */
  standIn(step: number): number;
}

/** Says nothing before a long season, or two short ones, have been seen. */
export function createIncidentRule(options: IncidentOptions): IncidentRule {
  const { shortSeasonSteps, longSeasonSteps, usualDay, usualWeek } = options;
  const readySteps = Math.max(longSeasonSteps, 2 * shortSeasonSteps);
  /** In days: it begins within a quarter of an hour, is over after half an hour, and lasts six hours at most. */
  const sureSteps = Math.max(1, Math.round(shortSeasonSteps / 96));
  const backSteps = Math.max(1, Math.round(shortSeasonSteps / 48));
  const patienceSteps = Math.floor(shortSeasonSteps / 4);
  /** The same time of day, give or take. */
  const slackSteps = Math.max(1, Math.round(shortSeasonSteps / 12));
  const habitSteps = Math.max(longSeasonSteps, shortSeasonSteps) + slackSteps;
  const shiftRate = Math.min(0.5, 24 / shortSeasonSteps);
  const typicalRate = Math.min(0.5, 4 / shortSeasonSteps);
  const farRoot = Math.sqrt(farRatio);
  const backRoot = Math.sqrt(backRatio);
  /** Where earlier ones began, a ring. */
  const starts = Array.from({ length: mostASeason + 1 }, () => Number.NEGATIVE_INFINITY);
  let begun = 0;
  /** How far demand lately was from what is usual, and how far from there it typically is. */
  let shift = 0;
  let typical = 0;
  let calmSteps = 0;
  let farInARow = 0;
  let backInARow = 0;
  let startedAt = -1;
  let isBelieved = false;

  function usual(step: number): number {
    const day = usualDay.at(step);
    const week = usualWeek.at(step);
    return Number.isNaN(week) ? day : dayShare * day + (1 - dayShare) * week;
  }

  /** Something like it came at this time of day before, or so often that it is no surprise. */
  function isHabit(startedAt: number): boolean {
    let recent = 0;
    for (const start of starts) {
      const age = startedAt - start;
      if (age > habitSteps) continue;
      recent++;
      const ofDay = age % shortSeasonSteps;
      if (Math.min(ofDay, shortSeasonSteps - ofDay) <= slackSteps) return true;
    }
    return recent >= mostASeason;
  }

  function learn(difference: number): void {
    calmSteps++;
    typical += Math.max(typicalRate, 1 / calmSteps) * (Math.abs(difference - shift) - typical);
    shift += Math.max(shiftRate, 1 / calmSteps) * (difference - shift);
  }

  function open(step: number): void {
    startedAt = step - sureSteps + 1;
    isBelieved = isHabit(startedAt);
    starts[begun++ % starts.length] = startedAt;
    rule.suspectSteps = isBelieved ? 0 : sureSteps;
    backInARow = 0;
  }

  function close(): void {
    startedAt = -1;
    farInARow = 0;
    rule.suspectSteps = 0;
  }

  const rule = {
    suspectSteps: 0,
    note(step: number, root: number, isObserved: boolean): number {
      // Clocks were set back behind its beginning.
      if (step < startedAt) close();
      if (startedAt >= 0 && !isBelieved) rule.suspectSteps = step - startedAt + 1;
      const day = usualDay.at(step);
      if (!isObserved || Number.isNaN(day)) return 0;
      const expected = usual(step) + shift;
      const week = usualWeek.at(step);
      const beside = Number.isNaN(week) ? day : week;
      const high = Math.max(day, beside, expected);
      const low = Math.max(0, Math.min(day, beside, expected));
      if (startedAt < 0) {
        const margin = farDifferences * typical;
        const isAbove = root > farRoot * high && root - high > margin;
        const isBelow = farRoot * root < low && low - root > margin;
        if (step < readySteps || !(isAbove || isBelow)) {
          farInARow = 0;
          learn(root - usual(step));
          return 0;
        }
        farInARow++;
        if (farInARow >= sureSteps) open(step);
        return 0;
      }
      if (step - startedAt >= patienceSteps) {
        // It has come to stay.
        shift = root - usual(step);
        close();
        return 0;
      }
      backInARow = root <= backRoot * high && backRoot * root >= low ? backInARow + 1 : 0;
      if (backInARow < backSteps) return 0;
      const overSteps = rule.suspectSteps;
      close();
      return overSteps;
    },
    standIn: (step: number) => Math.max(0, usual(step) + shift),
  };
  return rule;
}
