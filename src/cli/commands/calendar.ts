import { anyText, number, oneOf } from '../../platform/setting-values.ts';
import { timeZone } from '../../platform/time-zone.ts';
import { everyText, type FlagReading, type FlagTable, switchedOn } from '../flags.ts';
import { serverFlags, serverHelp } from '../server-flags.ts';

export const flags = {
  verb: {
    name: 'list|add|ignore|remove|check',
    value: 'verb',
    isArgument: true,
    meaning: 'what to do',
    default: 'list',
    ...oneOf(['list', 'add', 'ignore', 'remove', 'check']),
  },
  subject: {
    name: 'WORKLOAD|ID|FILE',
    value: 'subject',
    isArgument: true,
    meaning:
      'list: NAMESPACE/NAME, whose events are shown; add and ignore: the same, where * stands for any characters; remove: the id of an event; check: a file',
    absent: 'list: all calendars',
    ...anyText,
  },
  name: { value: 'text', meaning: 'add, ignore: what people are shown', ...anyText },
  from: { value: 'moment', meaning: 'add, ignore: a date, or a time such as 2026-11-27T18:00', ...anyText },
  to: {
    value: 'moment',
    meaning: 'add, ignore: the first moment after it; a date is that whole day',
    ...anyText,
  },
  duration: { value: 'duration', meaning: 'add, ignore: how long it lasts, instead of --to', ...anyText },
  timeZone: {
    value: 'zone',
    meaning: 'IANA zone of times that name none; of those that are shown',
    default: 'UTC',
    ...timeZone,
  },
  kind: {
    value: 'text',
    meaning: 'add: events of one kind teach one another',
    absent: 'its name',
    ...anyText,
  },
  like: {
    value: 'day',
    meaning: 'add: the first such event is taken to be like that day',
    ...oneOf(['saturday', 'sunday']),
  },
  ratio: {
    value: 'number',
    meaning: 'add: demand over that of an ordinary day',
    absent: 'learned',
    ...number({ from: 0.1, to: 10 }),
  },
  ramp: { value: 'duration', meaning: 'add: how long the effect fades in and out', absent: '0', ...anyText },
  also: {
    value: 'NAMESPACE/NAME',
    isRepeatable: true,
    meaning: 'add, ignore: another workload that has it; may be given several times',
    absent: 'none',
    ...everyText,
  },
  ...serverFlags,
  json: { meaning: 'print JSON', ...switchedOn },
} as const satisfies FlagTable;

export type CalendarFlags = FlagReading<typeof flags>;

export const help = `${serverHelp}

Calendars tell the forecast of days that are not like others. list shows those of the server and what was added at run time, or the events of
one workload. add tells workloads of an event, ignore has nothing learned from a time, remove takes back what was added. These three need
the API token, unless the server is on this machine, and hold on every replica within seconds. check reads a file on this machine, iCalendar
or a list in YAML or JSON, and prints what Forescale understands of it; of a configuration of the server, of all its calendars. It asks no server.

Examples:
  forescale calendar
  forescale calendar list shop/web --time-zone Europe/Berlin
  forescale calendar add shop/web --name "TV ad" --from 2026-12-01T20:15 --duration 30m --time-zone Europe/Berlin --ratio 2.5
  forescale calendar ignore 'shop/*' --name "Load test" --from 2026-12-02T09:00Z --to 2026-12-02T11:00Z
  forescale calendar remove 3f0c5a0e-6a0b-4c0e-9a63-0c7f6f0f9d11
  forescale calendar check releases.ics --time-zone Europe/Berlin
`;
