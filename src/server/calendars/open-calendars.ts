import type { CalendarBook, CalendarStanding } from '../../api/ports.ts';
import {
  type CalendarEvent,
  type EventFeed,
  joinEvents,
  matchesWorkload,
  nothingJoined,
} from '../../forecast/index.ts';
import type { Proxies } from '../../history/http/proxies.ts';
import { systemClock } from '../../platform/clock.ts';
import { within } from '../../platform/deadline.ts';
import type { Logger } from '../../platform/log.ts';
import type { Lifecycle } from '../../platform/process/lifecycle.ts';
import type { WorkloadCalendars } from '../../scaler/index.ts';
import type { ServerFile } from '../config.ts';
import type { EventLog } from '../event-log.ts';
import { type AddedEvents, openAddedEvents } from './added-events.ts';
import { type FollowedCalendar, followCalendar } from './followed-calendar.ts';
import { keptReadings } from './kept-readings.ts';

/** Longest time the server waits for calendars that it never read before it opens workloads. */
const firstMs = 10_000;

/** All calendars of a server. */
export interface OpenCalendars extends WorkloadCalendars {
  readonly book: CalendarBook;
  readonly added: AddedEvents;
  readonly standings: () => readonly CalendarStanding[];
  /** Calls `listener` where the events of any workload may have changed. */
  onChange(listener: () => void): void;
}

/** Opens the calendars of the configuration and the events that were added, and waits for them for some seconds. */
export async function openCalendars(
  {
    file,
    stateDir,
    proxies,
    log,
  }: {
    readonly file: ServerFile;
    readonly stateDir: string | undefined;
    readonly proxies?: Proxies | undefined;
    readonly log: Logger;
  },
  { eventLog, lifecycle }: { readonly eventLog: EventLog; readonly lifecycle: Lifecycle },
): Promise<OpenCalendars> {
  const listeners: (() => void)[] = [];
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const added = await openAddedEvents({
    ...{ stateDir, log, clock: systemClock },
    onChange(what, { event }) {
      eventLog.noteCalendar(
        'calendar-changed',
        `The event "${event.name}" was ${what}, of ${event.workloads.join(', ')}`,
      );
      changed();
    },
  });
  const kept = keptReadings(stateDir, log);
  const calendars = (file.calendars ?? []).map((definition) =>
    followCalendar(definition, {
      ...{ kept, proxies, log, clock: systemClock },
      onChange(standing, what) {
        eventLog.noteCalendar(...wordsOf(standing, what));
        if (what === 'events') changed();
      },
    }),
  );
  lifecycle.onClose('calendars', async () => void (await Promise.all(calendars.map((one) => one.close()))));
  const first = Promise.all(calendars.map((one) => one.first));
  await within(firstMs, first).catch(() => log.warn({}, 'opened-before-calendars'));
  const names = calendars.map(({ definition }) => definition.name);
  return {
    added,
    standings: () => calendars.map((one) => one.standing()),
    book: {
      calendars: () => calendars.map((one) => one.standing()),
      added: added.list,
      add: added.add,
      remove: added.remove,
    },
    feedOf: (workload) => new WorkloadEvents(workload, calendars, added),
    unknown: (wanted) => wanted.filter((name) => !names.includes(name)),
    names,
    onChange: (listener) => void listeners.push(listener),
  };
}

/** The events of all calendars that a workload has, and those that were added. A class, because each of ten thousand has one. */
class WorkloadEvents implements EventFeed {
  readonly #calendars: readonly FollowedCalendar[];
  readonly #added: AddedEvents;
  readonly #workload: Asking;
  #joined = nothingJoined;

  constructor(workload: Asking, calendars: readonly FollowedCalendar[], added: AddedEvents) {
    const own = calendars.filter(
      ({ definition: { name, workloads = [] } }) =>
        workload.calendars.includes(name) || matchesWorkload(workloads, workload),
    );
    this.#calendars = own.length === calendars.length ? calendars : own;
    this.#added = added;
    this.#workload = workload;
  }

  events(): readonly CalendarEvent[] {
    this.#joined = joinEvents(this.#parts(), this.#joined);
    return this.#joined.events;
  }

  *#parts(): Generator<readonly CalendarEvent[]> {
    for (const one of this.#calendars) yield one.standing().events;
    yield this.#added.eventsOf(this.#workload);
  }
}

type Asking = Parameters<WorkloadCalendars['feedOf']>[0];

function wordsOf(
  { name, events, failure }: CalendarStanding,
  what: 'events' | 'failure' | 'recovery',
): Parameters<EventLog['noteCalendar']> {
  if (what === 'events') return ['calendar-changed', `The calendar "${name}" has ${events.length} events`];
  if (what === 'recovery') return ['calendar-read', `The calendar "${name}" is read again`];
  return [
    'calendar-failed',
    `The calendar "${name}" cannot be read, and its ${events.length} last events count: ${failure}`.slice(
      0,
      900,
    ),
  ];
}
