import { everyText, type FlagTable } from '../flags.ts';

/** The flag that gives calendars to a command that forecasts a history. */
export const calendarFlags = {
  calendar: {
    value: 'file',
    isRepeatable: true,
    meaning:
      'events that count: an iCalendar file (.ics), a list of events (.yaml, .json), or a configuration of the server, of which all calendars count; may be repeated',
    absent: 'none',
    ...everyText,
  },
} as const satisfies FlagTable;

export const calendarHelp = `
Days that are not like others, as docs/calendar.md has them: --calendar releases.ics, or --calendar calendars.yaml with
  calendars: [{name: holidays, holidays: {country: DE, state: BY}}, {name: months, days: [month-end]}]
Times without a zone are those of --time-zone. What events do is learned from those within the history, or given.`;
