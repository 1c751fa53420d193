import { noEvents } from '../calendar/event-feed.ts';
import type { CalendarEvent } from '../core/index.ts';
import type { EffectEvent } from './effect-events.ts';
import type { SeriesEffects } from './series-effects.ts';

/** A ratio above this is that of a series that is nearly nothing otherwise; more is not reckoned with. */
const mostRatio = 10;

/**
 * The events of a model: those of its calendars, and what its archive shows, as a given ratio, on days that no calendar says anything
 * of. Such days are raised only, because only rises are found.
 */
export function withEffects(
  calendar: readonly CalendarEvent[],
  effects: readonly EffectEvent[],
): readonly CalendarEvent[] {
  const applied = effects.flatMap(({ startSeconds, endSeconds, kind, name, ratio, occurrences }) => {
    const isTold = calendar.some(
      (event) => event.startSeconds < endSeconds && event.endSeconds > startSeconds,
    );
    const effect = { type: 'given', ratio: Math.min(mostRatio, ratio), occurrences } as const;
    return isTold ? [] : [{ startSeconds, endSeconds, kind, name, effect }];
  });
  return applied.length === 0 ? calendar : [...calendar, ...applied];
}

/** Says what the events of now are; another array only where one of them is. */
export interface EventsNow {
  eventsNow(): readonly CalendarEvent[];
}

/** The events of now: those of the calendars with what the archive shows. A class, as StartingFleet of the controllers is. */
export class AppliedEffects implements EventsNow {
  readonly #calendars: EventsNow;
  readonly #archive: Pick<SeriesEffects, 'events'>;
  #calendar: readonly CalendarEvent[] = noEvents;
  #effects: readonly EffectEvent[] = [];
  #events = noEvents;

  constructor(calendars: EventsNow, archive: Pick<SeriesEffects, 'events'>) {
    this.#calendars = calendars;
    this.#archive = archive;
  }

  eventsNow(): readonly CalendarEvent[] {
    const calendar = this.#calendars.eventsNow();
    const effects = this.#archive.events();
    if (calendar === this.#calendar && effects === this.#effects) return this.#events;
    this.#calendar = calendar;
    this.#effects = effects;
    this.#events = withEffects(calendar, effects);
    return this.#events;
  }
}
