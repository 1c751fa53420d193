import { ForescaleError } from '../../platform/errors.ts';
import type { CalendarEvent } from '../core/index.ts';
import type { CalendarSpan } from './calendar-span.ts';
import type { CalendarDefinition } from './definitions.ts';
import { eventOf } from './effect.ts';
import { effectsIn } from './listed-events.ts';

const daySeconds = 86_400;
/** A holiday may be like a Sunday: that is believed as far as earlier ones were. */
const usualEffect = { like: 'sunday' } as const;

/**
 * The holidays of a country, a state or a region within the span, in local time. Throws `invalid-argument` that says which there are
 * where one is not known. The package is loaded when it is needed: it takes 48 MB.
 */
export async function holidays(
  { holidays: asked, timeZone, ...words }: CalendarDefinition,
  { fromSeconds, toSeconds }: CalendarSpan,
): Promise<CalendarEvent[]> {
  const { default: Holidays } = await import('date-holidays');
  const { country = '', state, region, types = ['public'] } = asked ?? {};
  const all = new Holidays();
  const check = (field: string, value: string | undefined, known: Record<string, string> | undefined) => {
    if (value === undefined || known?.[value.toUpperCase()] !== undefined || known?.[value] !== undefined)
      return;
    const list = Object.keys(known ?? {}).join(', ');
    const message = `holidays.${field}: "${value}" is not known; ${list === '' ? 'there is none' : `there are ${list}`}`;
    throw new ForescaleError('invalid-argument', message);
  };
  check('country', country, all.getCountries('en'));
  check('state', state, all.getStates(country, 'en'));
  check('region', region, state === undefined ? undefined : all.getRegions(country, state, 'en'));
  const place = {
    country,
    ...(state === undefined ? {} : { state }),
    ...(region === undefined ? {} : { region }),
  };
  const calendar = new Holidays(place, {
    languages: 'en',
    types: [...types],
    ...(timeZone === undefined ? {} : { timezone: timeZone }),
  });
  const effect = effectsIn(words).length > 0 ? words : { ...words, ...usualEffect };
  const years = [fromSeconds, toSeconds - 1].map((seconds) => new Date(seconds * 1000).getUTCFullYear());
  const [firstYear = 0, lastYear = 0] = years;
  const events: CalendarEvent[] = [];
  // A holiday of next year's first day begins in this year, in some zones.
  for (let year = firstYear - 1; year <= lastYear + 1; year++) {
    for (const { start, end, name } of calendar.getHolidays(year)) {
      const startSeconds = start.getTime() / 1000;
      const endSeconds = Math.max(end.getTime() / 1000, startSeconds + daySeconds / 24);
      events.push(eventOf({ startSeconds, endSeconds, name }, effect, 'public-holiday'));
    }
  }
  return events;
}
