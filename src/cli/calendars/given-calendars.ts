import { eventsWithin } from '../../api/calendars/known-event.ts';
import type { KnownEvent } from '../../api/schemas/calendars.ts';
import { type CalendarEvent, type EventFeed, joinedEvents, spanOver } from '../../forecast/index.ts';
import { invalidField } from '../../platform/errors.ts';
import type { CommandIo } from '../command-io.ts';
import type { FlagReading } from '../flags.ts';
import type { seasonFlags } from '../model-flags.ts';
import { type CalendarInFile, calendarsInFile } from './calendar-file.ts';
import type { calendarFlags } from './calendar-flags.ts';

/** The calendars that a command was given. */
export interface GivenCalendars {
  /** Their events in the years around a history; undefined where no calendar was given. Warnings go to stderr. */
  eventsAround(firstSeconds: number, lastSeconds: number): Promise<GivenEvents | undefined>;
}

export interface GivenEvents {
  readonly events: readonly CalendarEvent[];
  /** Those within some time, as answers have them. */
  within(fromSeconds: number, toSeconds: number): readonly KnownEvent[];
}

/** Reads what the flag names. A file that is no calendar is a field error. */
export async function readCalendarFlag(
  flags: FlagReading<typeof calendarFlags & typeof seasonFlags>,
  io: CommandIo,
): Promise<GivenCalendars> {
  const { calendar: paths, timeZone } = flags.values;
  if (paths === undefined) return { eventsAround: async () => undefined };
  const read = async (path: string): Promise<readonly CalendarInFile[]> => {
    try {
      return await calendarsInFile(path, { timeZone, io });
    } catch (error) {
      flags.wrong('--calendar', messageOf(error));
      return [];
    }
  };
  const calendars = (await Promise.all(paths.map(read))).flat();
  return {
    async eventsAround(firstSeconds, lastSeconds) {
      const span = spanOver(firstSeconds, lastSeconds);
      const feeds: EventFeed[] = [];
      for (const { name, read: readEvents } of calendars) {
        const { events, warnings } = await readEvents(span).catch((cause: unknown) => {
          throw invalidField('--calendar', `--calendar: ${messageOf(cause)}`);
        });
        for (const warning of warnings) io.stderr(`--calendar: ${name}: ${warning}\n`);
        feeds.push({ events: () => events });
      }
      const events = joinedEvents(() => feeds)();
      const within = (from: number, to: number) => eventsWithin(events, from, to);
      if (within(firstSeconds, lastSeconds).length === 0) {
        const names = calendars.map(({ name }) => name).join(', ');
        io.stderr(`--calendar: ${names}: none of ${events.length} events is within the history\n`);
      }
      return { events, within };
    },
  };
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
