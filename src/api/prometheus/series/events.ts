import type { CalendarEvent } from '../../../forecast/index.ts';
import type { ServedMetric, Subject } from './subject.ts';

/** Names of events of one workload that are told of in one span. */
const mostNames = 20;

/** The events of calendars that a workload has, for annotations of charts. */
export const eventMetric: ServedMetric = {
  help: '1 while an event of the calendars of the workload takes place, by its name. It has values in the future.',
  known: (subject) => [...named(subject).keys()].map((name) => [['event', name]] as const),
  lines: (subject) =>
    [...named(subject)].map(([name, events]) => ({
      labels: [['event', name]],
      valueAt: (atMs) => (events.some((event) => takesPlace(event, atMs / 1000)) ? 1 : Number.NaN),
    })),
};

/** The events of the span by name, those that come first. */
function named({ workload, span, warn }: Subject): ReadonlyMap<string, readonly CalendarEvent[]> {
  const found = new Map<string, CalendarEvent[]>();
  for (const event of workload.model.events()) {
    if (event.endSeconds <= span.fromMs / 1000 || event.startSeconds > span.toMs / 1000) continue;
    const same = found.get(event.name);
    if (same !== undefined) same.push(event);
    else found.set(event.name, [event]);
  }
  if (found.size <= mostNames) return found;
  warn(`the workload has events of ${found.size} names in this time, and ${mostNames} are told of`);
  return new Map([...found].slice(0, mostNames));
}

const takesPlace = ({ startSeconds, endSeconds }: CalendarEvent, atSeconds: number) =>
  atSeconds >= startSeconds && atSeconds < endSeconds;
