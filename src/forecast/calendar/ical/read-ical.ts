import ICAL from 'ical.js';
import { type CalendarReading, type CalendarSpan, readingOf } from '../calendar-span.ts';
import type { CalendarDefinition } from '../definitions.ts';
import { calendarParts } from './components.ts';
import { type FileZones, fileZones } from './file-zones.ts';
import { createSeries, type Series } from './series.ts';

/**
 * Events of an iCalendar text (RFC 5545) within the span. What cannot be read of one event is a warning; a text that is no whole
 * calendar throws an error that says so.
 */
export function readIcal(text: string, definition: CalendarDefinition, span: CalendarSpan): CalendarReading {
  const { events, zones: described, zoneName, tooLong } = calendarParts(text);
  const warnings: string[] = [];
  if (tooLong > 0) warnings.push(`${tooLong} of its parts are too long and left out`);
  if (text.includes('\uFFFD'))
    warnings.push('it is not UTF-8 throughout; what cannot be read shows as \uFFFD');
  const zones = fileZones(definition.timeZone ?? zoneName, described);
  const series = new Map<string, Series>();
  let unnamed = 0;
  for (const component of events) {
    try {
      const event = new ICAL.Component(ICAL.parse(component));
      const uid = String(event.getFirstPropertyValue('uid') ?? `without UID ${unnamed++}`);
      const one = series.get(uid) ?? createSeries(definition, span);
      series.set(uid, one);
      one.add(event);
    } catch (error) {
      warnings.push(`an event cannot be read: ${shown(error)}`);
    }
  }
  return readingOf(
    [...series.values()].flatMap((one) =>
      one.events(zones satisfies FileZones, (sentence) => warnings.push(sentence)),
    ),
    span,
    warnings,
  );
}

function shown(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
