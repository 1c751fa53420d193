import type { CalendarEvent, WorkloadView } from '../../forecast/index.ts';
import type { KnownEvent } from '../schemas/calendars.ts';

/** An event as answers have it. */
export function toKnownEvent({
  startSeconds,
  endSeconds,
  name,
  kind,
  effect,
  rampSeconds = 0,
}: CalendarEvent): KnownEvent {
  return {
    ...{ from: startSeconds, to: endSeconds, name, kind, effect: effect.type, rampSeconds },
    ...(effect.type === 'learned' && effect.like !== undefined ? { like: effect.like } : {}),
    ...(effect.type === 'given' ? { ratio: effect.ratio } : {}),
  };
}

/** The events that touch [from, to), earliest first. */
export function eventsWithin(
  events: readonly CalendarEvent[],
  fromSeconds: number,
  toSeconds: number,
): KnownEvent[] {
  return events
    .filter(({ startSeconds, endSeconds }) => endSeconds > fromSeconds && startSeconds < toSeconds)
    .toSorted((a, b) => a.startSeconds - b.startSeconds)
    .map(toKnownEvent);
}

/** The events of a workload that touch [from, to), with what is expected of those that are not over. */
export function eventsOfModel(
  model: Pick<WorkloadView['model'], 'events' | 'eventsAhead'>,
  fromSeconds: number,
  toSeconds: number,
): KnownEvent[] {
  const ahead = new Map(
    model.eventsAhead(toSeconds).map(({ event, ...expected }) => [keyOf(toKnownEvent(event)), expected]),
  );
  return eventsWithin(model.events(), fromSeconds, toSeconds).map((event) => {
    const { ratio, occurrences } = ahead.get(keyOf(event)) ?? {};
    return {
      ...event,
      ...(ratio === undefined ? {} : { expectedRatio: ratio }),
      ...(occurrences === undefined ? {} : { occurrences }),
    };
  });
}

const keyOf = (event: KnownEvent) => JSON.stringify(event);

/** The events that are not over, earliest first, at most so many. */
export function nextEvents(events: readonly CalendarEvent[], nowSeconds: number, most: number): KnownEvent[] {
  return events
    .filter(({ endSeconds }) => endSeconds > nowSeconds)
    .slice(0, most)
    .map(toKnownEvent);
}
