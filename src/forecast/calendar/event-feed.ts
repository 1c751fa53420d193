import { createHash } from 'node:crypto';
import type { CalendarEvent } from '../core/index.ts';

/** The events of a workload, as its calendars say them now. */
export interface EventFeed {
  /** Another array only where an event is another one. */
  events(): readonly CalendarEvent[];
}

export const noEvents: readonly CalendarEvent[] = [];

/** The events of the feeds there are at the time, together, each once. */
export function joinedEvents(feeds: () => readonly EventFeed[]): () => readonly CalendarEvent[] {
  let parts: readonly (readonly CalendarEvent[])[] = [];
  let joined = noEvents;
  return () => {
    const now = [...new Set(feeds().map((feed) => feed.events()))].filter((events) => events.length > 0);
    const isSame = now.length === parts.length && now.every((events, index) => events === parts[index]);
    if (isSame) return joined;
    parts = now;
    joined = now.length < 2 ? (now[0] ?? noEvents) : distinct(now.flat());
    return joined;
  };
}

function distinct(events: readonly CalendarEvent[]): readonly CalendarEvent[] {
  return [...new Map(events.map((event) => [JSON.stringify(event), event])).values()];
}

const digests = new WeakMap<readonly CalendarEvent[], string>();

/** Says in a few characters which events there are, whatever their order. */
export function digestOfEvents(events: readonly CalendarEvent[]): string {
  if (events.length === 0) return '';
  const known = digests.get(events);
  if (known !== undefined) return known;
  const words = events
    .map(({ startSeconds, endSeconds, kind, name, effect, rampSeconds = 0 }) =>
      JSON.stringify([startSeconds, endSeconds, kind, name, effect, rampSeconds]),
    )
    .sort();
  const digest = createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 16);
  digests.set(events, digest);
  return digest;
}
