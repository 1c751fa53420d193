import type { Simulation } from '../simulate.ts';
import { chooseSetting } from './equal-service.ts';
import type { Outcome } from './tally.ts';

/** A contest whose settings are tuned. Settings are places in the contest. */
interface TunedContest {
  /** The setting that is played to the end in any case. */
  readonly usualPlace: number;
  readonly places: readonly number[];
  /** Whether there is anything to choose. */
  readonly isTuned: boolean;
  /** Whether settings that are not needed any more stop. */
  readonly mayStop: boolean;
}

interface TuningOptions {
  readonly simulation: Pick<Simulation, 'results' | 'keep'>;
  /** The first contests of the simulation. */
  readonly contests: readonly TunedContest[];
  readonly allowedShortShare: number;
  /** Length of the first part of the simulation, on which settings are tuned: hours of known demand. */
  readonly hours: number;
}

/** Chooses the settings of policies by the first part of a replay. */
export interface Tuning {
  /**
   * Lets settings stop that have been short for longer than is allowed in all of the part, so that they cannot be chosen. Of settings
   * that all have, the one that is short least plays on.
   */
  stopShort(): void;
  /** Chooses by what was played of the part, and lets the other settings stop. Returns the place of the chosen setting by contest. */
  choose(): readonly number[];
}

export function createTuning({ simulation, contests, allowedShortShare, hours }: TuningOptions): Tuning {
  const left = contests.map(({ places }) => [...places]);
  const budgetHours = allowedShortShare * hours;

  function keep(index: number, places: readonly number[]): void {
    const { mayStop, usualPlace } = contests[index]!;
    if (mayStop) simulation.keep(index, [...new Set([usualPlace, ...places])]);
  }

  return {
    stopShort() {
      const played = simulation.results();
      for (const [index, { isTuned, mayStop }] of contests.entries()) {
        if (!isTuned || !mayStop) continue;
        const short = played[index]!.map(({ outcomes: [tuned] }) => shortHours(tuned!));
        const within = left[index]!.filter((place) => short[place]! <= budgetHours);
        const least = left[index]!.reduce((best, place) => (short[place]! <= short[best]! ? place : best));
        left[index] = within.length > 0 ? within : [least];
        keep(index, left[index]);
      }
    },
    choose() {
      const played = simulation.results();
      return contests.map(({ isTuned }, index) => {
        const outcomes = left[index]!.map((place) => played[index]![place]!.outcomes[0]!);
        const place = isTuned ? left[index]![chooseSetting(outcomes, allowedShortShare)]! : 0;
        keep(index, [place]);
        return place;
      });
    },
  };
}

function shortHours({ shortTimeShare, hours }: Outcome): number {
  return hours === 0 ? 0 : shortTimeShare * hours;
}
