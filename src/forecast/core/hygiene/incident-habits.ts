import type { StateCopier } from '../memory/state-copier.ts';

/** Incidents that begin more often than this in a long season are no incidents but the way demand is. */
const mostPerSeason = 3;

/** Remembers when incidents began, and tells whether another one is a habit of the workload. */
export class IncidentHabits {
  /** Steps at which the newest incidents began, a ring. */
  readonly #starts = Array.from({ length: mostPerSeason + 1 }, () => Number.NEGATIVE_INFINITY);
  readonly #shortSeasonSteps: number;
  /** Two starts so near in the time of day are at the same time of day: two hours. */
  readonly #slackSteps: number;
  /** Older incidents are not counted. */
  readonly #rememberedSteps: number;
  #count = 0;

  constructor(shortSeasonSteps: number, longSeasonSteps: number) {
    this.#shortSeasonSteps = shortSeasonSteps;
    this.#slackSteps = Math.max(1, Math.round(shortSeasonSteps / 12));
    this.#rememberedSteps = Math.max(longSeasonSteps, shortSeasonSteps) + this.#slackSteps;
  }

  copyState(copier: StateCopier): void {
    copier.list(this.#starts);
    this.#count = copier.number(this.#count);
  }

  /** Notes that an incident began. True: one began at this time of day before, or there were too many lately. */
  note(startedAt: number): boolean {
    const isHabit = this.#isHabit(startedAt);
    this.#starts[this.#count++ % this.#starts.length] = startedAt;
    return isHabit;
  }

  #isHabit(startedAt: number): boolean {
    let recent = 0;
    for (const start of this.#starts) {
      const age = startedAt - start;
      if (age > this.#rememberedSteps) continue;
      recent++;
      const ofDay = age % this.#shortSeasonSteps;
      if (Math.min(ofDay, this.#shortSeasonSteps - ofDay) <= this.#slackSteps) return true;
    }
    return recent >= mostPerSeason;
  }
}
