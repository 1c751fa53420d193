import type { CalendarEvent } from '../core/index.ts';
import type { EffectEvent } from './effect-events.ts';

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

/** The events of now: those of the calendars with what the archive shows; another array only where one of them is. */
export function eventsWithEffects(
  calendarNow: () => readonly CalendarEvent[],
  effectsNow: () => readonly EffectEvent[],
): () => readonly CalendarEvent[] {
  let calendar = calendarNow();
  let effects = effectsNow();
  let events = withEffects(calendar, effects);
  return () => {
    const now = [calendarNow(), effectsNow()] as const;
    if (now[0] === calendar && now[1] === effects) return events;
    [calendar, effects] = now;
    events = withEffects(calendar, effects);
    return events;
  };
}
