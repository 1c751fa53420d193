import { createHash } from 'node:crypto';
import type { CalendarEvent } from '../core/index.ts';

/** The events of a workload, as its calendars say them now. */
export interface EventFeed {
  /** Another array only where an event is another one. */
  events(): readonly CalendarEvent[];
}

export const noEvents: readonly CalendarEvent[] = [];

/** Events of several feeds. */
export interface JoinedEvents {
  /** The feeds' own, without those that have none. */
  readonly parts: readonly (readonly CalendarEvent[])[];
  /** All of them, each once. */
  readonly events: readonly CalendarEvent[];
}

export const nothingJoined: JoinedEvents = { parts: [], events: noEvents };

/** The events of feeds together; what was joined `before` where they are the same. Most workloads have none, or those of one feed. */
export function joinEvents(
  all: Iterable<readonly CalendarEvent[]>,
  before: JoinedEvents = nothingJoined,
): JoinedEvents {
  const parts: (readonly CalendarEvent[])[] = [];
  for (const events of all) {
    if (events.length > 0 && !parts.includes(events)) parts.push(events);
  }
  if (parts.length === 0) return nothingJoined;
  const isSame =
    parts.length === before.parts.length && parts.every((events, index) => events === before.parts[index]);
  if (isSame) return before;
  return { parts, events: parts.length < 2 ? (parts[0] ?? noEvents) : distinct(parts.flat()) };
}

/** The events of the feeds there are at the time, together, each once. */
export function joinedEvents(feeds: () => readonly EventFeed[]): () => readonly CalendarEvent[] {
  let joined = nothingJoined;
  return () => {
    joined = joinEvents(
      feeds().map((feed) => feed.events()),
      joined,
    );
    return joined.events;
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
