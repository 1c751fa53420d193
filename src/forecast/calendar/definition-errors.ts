import { parseDuration } from '../../platform/duration.ts';
import type { FieldError } from '../../platform/errors.ts';
import { type CalendarDefinition, calendarSources } from './definitions.ts';
import { effectsIn, listedEvent } from './listed-events.ts';
import { zoneTimes } from './zone-times.ts';

/** A source that is asked more often is burdened for nothing. */
const leastIntervalSeconds = 60;

/** Everything that a schema cannot see in the calendars of a configuration. */
export function definitionErrors(definitions: readonly CalendarDefinition[]): FieldError[] {
  const names = new Set<string>();
  return definitions.flatMap((definition, index) => {
    const { name, timeZone, refreshInterval, events = [] } = definition;
    const field = (path: string) => `calendars[${index}]${path}`;
    const errors: FieldError[] = [];
    const wrong = (path: string, sentence: string) =>
      errors.push({ field: field(path), message: `${field(path)} (${name}): ${sentence}` });
    if (names.has(name)) wrong('.name', 'there is another calendar of that name');
    names.add(name);
    const sources = calendarSources.filter((source) => definition[source] !== undefined);
    if (sources.length !== 1) {
      const has = sources.length === 0 ? 'none of them' : sources.join(' and ');
      wrong('', `give one of ${calendarSources.join(', ')}; it has ${has}`);
    }
    if (effectsIn(definition).length > 1)
      wrong('', `${effectsIn(definition).join(' and ')} contradict each other; give one`);
    if (timeZone !== undefined && zoneTimes(timeZone) === undefined)
      wrong('.timeZone', `"${timeZone}" is no time zone; use a name such as Europe/Berlin`);
    if ((parseDuration(refreshInterval ?? '15m') ?? 0) < leastIntervalSeconds)
      wrong('.refreshInterval', `${refreshInterval} is too often; at least 1m`);
    for (const [place, event] of events.entries()) {
      try {
        listedEvent(event, definition);
      } catch (error) {
        wrong(`.events[${place}]`, error instanceof Error ? error.message : String(error));
      }
    }
    return errors;
  });
}
