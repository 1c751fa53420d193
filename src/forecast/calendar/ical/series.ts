import type ICAL from 'ical.js';
import type { CalendarEvent } from '../../core/index.ts';
import type { CalendarSpan } from '../calendar-span.ts';
import type { CalendarDefinition } from '../definitions.ts';
import { eventOf } from '../effect.ts';
import { dayOfWall } from '../zone-times.ts';
import { type EventTime, timesOf, unixOf } from './event-times.ts';
import type { FileZones } from './file-zones.ts';
import { lengthOf } from './length.ts';
import { occurrencesOf } from './recurrence.ts';

type Warn = (sentence: string) => void;

/** All components of one UID: an event that may come again, and what is different of single occurrences. */
export interface Series {
  add(component: ICAL.Component): void;
  /** Its events. What cannot be read is left out with a warning. */
  events(zones: FileZones, warn: Warn): CalendarEvent[];
}

export function createSeries(definition: CalendarDefinition, span: CalendarSpan): Series {
  const masters: ICAL.Component[] = [];
  const changed: ICAL.Component[] = [];

  function eventAt(
    component: ICAL.Component,
    start: EventTime,
    zones: FileZones,
    isRecurring: boolean,
    warn: Warn,
  ) {
    const startSeconds = unixOf(start);
    const endSeconds = lengthOf(component, zones, warn).endOf(start);
    if (!(endSeconds > startSeconds)) throw new Error('it has no length');
    return eventOf(
      { startSeconds, endSeconds, name: nameOf(component) },
      definition,
      kindOf(component, isRecurring),
    );
  }

  function kindOf(component: ICAL.Component, isRecurring: boolean): string {
    const [category] = component.getFirstProperty('categories')?.getValues() ?? [];
    if (typeof category === 'string' && category !== '') return category;
    return isRecurring ? nameOf(component) : definition.name;
  }

  function one<T>(component: ICAL.Component, warn: Warn, read: () => T[]): T[] {
    try {
      return read();
    } catch (error) {
      warn(`"${nameOf(component)}" is left out: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  }

  return {
    add: (component) => void (component.hasProperty('recurrence-id') ? changed : masters).push(component),
    events(zones, warn) {
      const own = changed.flatMap((component) =>
        one(component, warn, () => {
          const id = component.getFirstProperty('recurrence-id');
          if (id?.getFirstParameter('range') !== undefined)
            warn(
              `"${nameOf(component)}" changes all later occurrences at once; only the first is changed here`,
            );
          const [replaced] = id === null ? [] : timesOf(id, zones, warn);
          return replaced === undefined ? [] : [{ component, replaces: unixOf(replaced) }];
        }),
      );
      const replaced = new Set(own.map(({ replaces }) => replaces));
      const masterEvents = masters.flatMap((component) =>
        one(component, warn, () => {
          if (isCancelled(component)) return [];
          const starts = startsOf(component, zones, span, warn);
          return starts.all
            .filter((start) => !replaced.has(unixOf(start)))
            .map((start) => eventAt(component, start, zones, starts.isRecurring, warn));
        }),
      );
      const changedEvents = own.flatMap(({ component }) =>
        one(component, warn, () => {
          if (isCancelled(component)) return [];
          const start = startOf(component, zones, warn);
          return [eventAt(component, start, zones, true, warn)];
        }),
      );
      return [...masterEvents, ...changedEvents];
    },
  };
}

/** Longest name that people are shown. */
const longestName = 200;

function nameOf(component: ICAL.Component): string {
  const name = String(component.getFirstPropertyValue('summary') ?? '').trim();
  return name === '' ? 'without a name' : name.slice(0, longestName);
}

const isCancelled = (component: ICAL.Component) =>
  String(component.getFirstPropertyValue('status') ?? '').toUpperCase() === 'CANCELLED';

function startOf(component: ICAL.Component, zones: FileZones, warn: Warn): EventTime {
  const property = component.getFirstProperty('dtstart');
  const [start] = property === null ? [] : timesOf(property, zones, warn);
  if (start === undefined) throw new Error('it has no DTSTART');
  return start;
}

/** Beginnings of an event and of all its occurrences near the span, without those that are excluded. */
function startsOf(component: ICAL.Component, zones: FileZones, span: CalendarSpan, warn: Warn) {
  const start = startOf(component, zones, warn);
  const all = (name: string) =>
    component.getAllProperties(name).flatMap((property) => timesOf(property, zones, warn));
  const lengthSeconds = lengthOf(component, zones, warn).endOf(start) - unixOf(start);
  const rules = component.getAllProperties('rrule').map((property) => property.getFirstValue() as ICAL.Recur);
  const extra = all('rdate');
  const excluded = all('exdate');
  const excludedTimes = new Set(excluded.filter(({ isDay }) => isDay === start.isDay).map(unixOf));
  // Some programs exclude the day of an occurrence that has a time.
  const excludedDays = new Set(
    start.isDay ? [] : excluded.filter(({ isDay }) => isDay).map(({ wallSeconds }) => wallSeconds),
  );
  const ofRules = rules.flatMap((rule) =>
    occurrencesOf(rule, start, span, lengthSeconds).map((wallSeconds) => ({ ...start, wallSeconds })),
  );
  const starts = new Map([start, ...ofRules, ...extra].map((time) => [unixOf(time), time]));
  return {
    isRecurring: rules.length > 0 || extra.length > 0,
    all: [...starts.entries()]
      .filter(([unix, time]) => !excludedTimes.has(unix) && !excludedDays.has(dayOfWall(time.wallSeconds)))
      .map(([, time]) => time),
  };
}
