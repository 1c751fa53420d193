import type { Lengths } from '../clock/lengths.ts';
import type { ExpertContext } from '../experts/expert.ts';
import type { SlotMeans } from '../memory/slot-means.ts';

/** Demand that is usual at one moment, by ever more of the clock, in the engine's unit. */
export interface UsualDemand {
  /** Over all moments. */
  readonly level: number;
  /** At this moment of the day; the level where no day is known. */
  readonly day: number;
  /** At this moment of the week; the day's where no week is known. */
  readonly week: number;
}

/** Which seasons the history shows, and of which of them every moment has been seen. */
export type UsualSeasons = ReturnType<typeof usualDemandOf>['seasons'];

/** What is usual at any step, counted from the first. A season that is not found or not yet full adds nothing. */
export function usualDemandOf(
  { usualDay, usualWeek }: Pick<ExpertContext, 'usualDay' | 'usualWeek'>,
  { shortSteps, longSteps }: Pick<Lengths, 'shortSteps' | 'longSteps'>,
  foundSteps: readonly number[],
) {
  const seasons = seasonsOf(foundSteps, shortSteps, longSteps);
  const hasDay = seasons.isDayFound && usualDay.isFull;
  const hasWeek = seasons.isWeekFound && usualWeek.isFull;
  const level = meanOf(hasWeek ? usualWeek : usualDay, 0, 1);
  // The week's means come first, because the day's hold more of yesterday, be it a Sunday, than of the Wednesday before.
  const ofDay =
    hasWeek && longSteps % shortSteps === 0
      ? (step: number) => meanOf(usualWeek, step % shortSteps, shortSteps)
      : (step: number) => demandAt(usualDay, step);
  return {
    /** `hasDay`, `hasWeek`: the season is found and every moment of it has been seen. */
    seasons: { ...seasons, hasDay, hasWeek },
    at(step: number): UsualDemand {
      const day = hasDay ? ofDay(step) : level;
      return { level, day, week: hasWeek ? demandAt(usualWeek, step) : day };
    },
  };
}

function seasonsOf(foundSteps: readonly number[], shortSteps: number, longSteps: number) {
  const isOfDay = (steps: number) => shortSteps % steps === 0;
  const isOfWeek = (steps: number) => longSteps > 0 && longSteps % steps === 0;
  return {
    isDayFound: foundSteps.some(isOfDay),
    isWeekFound: foundSteps.some((steps) => isOfWeek(steps) && !isOfDay(steps)),
    /** Whether a season is found that is neither the day or the week nor a part of them. */
    isOtherFound: foundSteps.some((steps) => !isOfWeek(steps) && !isOfDay(steps)),
  };
}

/** Slot means are of square roots. */
function demandAt(means: SlotMeans, step: number): number {
  return means.at(step) ** 2;
}

/** Mean demand over the slots that have been seen, from `first`, every `every` slots; 0 where none has been. */
function meanOf(means: SlotMeans, first: number, every: number): number {
  let sum = 0;
  let count = 0;
  for (let slot = first; slot < means.seasonSteps; slot += every) {
    const root = means.ofSlot(slot);
    if (Number.isNaN(root)) continue;
    sum += root * root;
    count++;
  }
  return count > 0 ? sum / count : 0;
}
