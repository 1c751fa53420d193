import type { SeriesArchive } from '../../history/archive/archived-tail.ts';
import { monthStart } from './dates.ts';
import { createDaySums, createLocalDays } from './days.ts';
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
  archive: Pick<SeriesArchive, 'read' | 'oldestSeconds'>,
  { lengthSeconds, timeZone }: { readonly lengthSeconds: number; readonly timeZone: string | undefined },
): SeriesEffects {
  const days = createLocalDays(timeZone);
  let events = none;
  let lookedMonth = Number.NaN;
  const monthOf = (nowSeconds: number) => monthStart(days.dayOf(nowSeconds));
  return {
    events: () => events,
    isDue: (nowSeconds) => monthOf(nowSeconds) !== lookedMonth && archive.oldestSeconds() !== undefined,
    async renew(nowSeconds) {
      lookedMonth = monthOf(nowSeconds);
      const sums = createDaySums(lengthSeconds, days);
      const endSeconds = days.startOf(lookedMonth);
      const partSeconds = daysPerRead * daySeconds;
      for (let from = (archive.oldestSeconds() ?? endSeconds) - 1; from < endSeconds; from += partSeconds) {
        sums.add(await archive.read(from, Math.min(endSeconds, from + partSeconds)));
      }
      const found = effectEvents(sums.days(), nowSeconds, days);
      if (JSON.stringify(found) !== JSON.stringify(events)) events = found;
    },
  };
}
