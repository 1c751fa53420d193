import { parse as parseYaml } from 'yaml';
import { parseWithSchema } from '../../platform/schema/schema-errors.ts';
import { type CalendarReading, type CalendarSpan, readingOf } from './calendar-span.ts';
import { type CalendarDefinition, EventFileSchema, type ListedEvent } from './definitions.ts';
import { holidays } from './holidays.ts';
import { listedEvent } from './listed-events.ts';
import { namedDays } from './named-days.ts';
import { utcTimes, zoneTimes } from './zone-times.ts';

/** Text of a file or of an answer, and what it is. */
export interface CalendarText {
  readonly text: string;
  /** Path or address, which says by its end whether it is a list of events: `.yaml`, `.yml` or `.json`. */
  readonly from: string;
}

/**
 * The events that a calendar has within the span. `source`: what its file or URL holds; undefined where it has none. Rejects with an
 * error whose message says what is wrong. It may take seconds, and as many as there are rules that lead nowhere.
 */
export async function readCalendar(
  definition: CalendarDefinition,
  source: CalendarText | undefined,
  span: CalendarSpan,
): Promise<CalendarReading> {
  if (source !== undefined) return readText(source, definition, span);
  if (definition.holidays !== undefined) return readingOf(await holidays(definition, span), span);
  const zone = definition.timeZone === undefined ? utcTimes : (zoneTimes(definition.timeZone) ?? utcTimes);
  return readingOf(
    [...listed(definition.events ?? [], definition), ...namedDays(definition, span, zone)],
    span,
  );
}

async function readText({ text, from }: CalendarText, definition: CalendarDefinition, span: CalendarSpan) {
  if (/\.(?:ya?ml|json)$/i.test(from)) {
    const { events } = parseWithSchema(from, EventFileSchema, parseYaml(text, { logLevel: 'error' }) ?? {});
    return readingOf(listed(events, definition), span);
  }
  const { readIcal } = await import('./ical/read-ical.ts');
  return readIcal(text, definition, span);
}

function listed(events: readonly ListedEvent[], definition: CalendarDefinition) {
  return events.map((event) => listedEvent(event, definition));
}
