import type { SeriesArchive } from '../../history/archive/archived-tail.ts';
import { monthStart } from './dates.ts';
import { createDaySums, type LocalDays, localDaysOf } from './days.ts';
import { type EffectEvent, effectEvents } from './effect-events.ts';

/** What the archive of a series shows of the calendar. */
export interface SeriesEffects {
  /** The events of the time around the month; another list only where what is shown has changed. */
  events(): readonly EffectEvent[];
  /** Whether the archive was not looked at since the month began. */
  isDue(nowSeconds: number): boolean;
  /** Looks at the archive. Never rejects. */
  renew(nowSeconds: number): Promise<void>;
}

/** Days of one question to the archive; one turn of the event loop takes them. */
const daysPerRead = 14;
const daySeconds = 86_400;
const none: readonly EffectEvent[] = [];

/**
 * Finds effects of the calendar in the archive of a series, once a month: two replicas that have the same months find the same. Throws a
 * RangeError that names a zone nobody knows.
 */
export function createSeriesEffects(
  archive: LookedAt,
  { lengthSeconds, timeZone }: { readonly lengthSeconds: number; readonly timeZone: string | undefined },
): SeriesEffects {
  return new MonthlyEffects(archive, lengthSeconds, localDaysOf(timeZone));
}

type LookedAt = Pick<SeriesArchive, 'read' | 'oldestSeconds'>;

/** A class, as StartingFleet of the controllers is. */
class MonthlyEffects implements SeriesEffects {
  readonly #archive: LookedAt;
  readonly #lengthSeconds: number;
  readonly #days: LocalDays;
  #events = none;
  #lookedMonth = Number.NaN;

  constructor(archive: LookedAt, lengthSeconds: number, days: LocalDays) {
    this.#archive = archive;
    this.#lengthSeconds = lengthSeconds;
    this.#days = days;
  }

  events(): readonly EffectEvent[] {
    return this.#events;
  }

  isDue(nowSeconds: number): boolean {
    return this.#monthOf(nowSeconds) !== this.#lookedMonth && this.#archive.oldestSeconds() !== undefined;
  }

  async renew(nowSeconds: number): Promise<void> {
    const days = this.#days;
    this.#lookedMonth = this.#monthOf(nowSeconds);
    const sums = createDaySums(this.#lengthSeconds, days);
    const endSeconds = days.startOf(this.#lookedMonth);
    const partSeconds = daysPerRead * daySeconds;
    const oldestSeconds = this.#archive.oldestSeconds() ?? endSeconds;
    for (let from = oldestSeconds - 1; from < endSeconds; from += partSeconds) {
      sums.add(await this.#archive.read(from, Math.min(endSeconds, from + partSeconds)));
    }
    const found = effectEvents(sums.days(), nowSeconds, days);
    if (JSON.stringify(found) !== JSON.stringify(this.#events)) this.#events = found;
  }

  #monthOf(nowSeconds: number): number {
    return monthStart(this.#days.dayOf(nowSeconds));
  }
}
