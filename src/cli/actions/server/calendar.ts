import { toKnownEvent } from '../../../api/calendars/known-event.ts';
import {
  AddedAnswerSchema,
  CalendarsSchema,
  RemovedSchema,
  WorkloadCalendarSchema,
} from '../../../api/schemas/calendars.ts';
import { spanAround } from '../../../forecast/index.ts';
import { calendarsInFile } from '../../calendars/calendar-file.ts';
import type { CommandIo } from '../../command-io.ts';
import type { CalendarFlags } from '../../commands/calendar.ts';
import { calendarLines, eventLine } from './calendar-lines.ts';
import { createServerClient, type ServerClient } from './server-client.ts';
import { workloadPath } from './workload-path.ts';

/** Events that check prints for people; --json prints all. */
const mostShown = 20;

/** `forescale calendar`: what is known of calendars, and what is added to them. */
export async function calendar(flags: CalendarFlags, io: CommandIo): Promise<void> {
  const { verb } = flags.values;
  if (verb === 'check') return check(flags, io);
  const body = verb === 'add' || verb === 'ignore' ? eventIn(flags, verb) : undefined;
  if (verb === 'remove' && flags.values.subject === undefined)
    flags.wrong('WORKLOAD|ID|FILE', 'give the id of the event; forescale calendar list shows it');
  const client = createServerClient(flags, io);
  try {
    io.stdout(await answer(client, flags, body));
  } finally {
    await client.close();
  }
}

async function answer(client: ServerClient, flags: CalendarFlags, body: object | undefined): Promise<string> {
  const { verb, subject, timeZone, json } = flags.values;
  const line = (value: unknown) => `${JSON.stringify(value)}\n`;
  if (body !== undefined) {
    const added = await client.post('/api/v1/calendars/events', body, AddedAnswerSchema);
    return json
      ? line(added)
      : `added ${added.id}: ${added.event.name}, of ${added.event.workloads.join(', ')}\n`;
  }
  if (verb === 'remove') {
    const path = `/api/v1/calendars/events/${encodeURIComponent(subject ?? '')}`;
    const removed = await client.remove(path, RemovedSchema);
    return json ? line(removed) : `removed ${removed.removed}\n`;
  }
  if (subject === undefined) {
    const all = await client.get('/api/v1/calendars', CalendarsSchema);
    return json ? line(all) : calendarLines(all, timeZone);
  }
  const [namespace = '', name = ''] = subject.split('/');
  const own = await client.get(workloadPath({ namespace, name }, 'calendar'), WorkloadCalendarSchema);
  if (json) return line(own);
  const lines = own.events.map((event) => `${eventLine(event, timeZone)}\n`).join('');
  return lines === '' ? `${subject} has no event of a calendar within 30 days\n` : lines;
}

/** The event that the flags say. */
function eventIn(flags: CalendarFlags, verb: 'add' | 'ignore'): object {
  const { subject, also = [], name, from, to, duration, timeZone, kind, like, ratio, ramp } = flags.values;
  if (subject === undefined) flags.wrong('WORKLOAD|ID|FILE', 'give a workload, as NAMESPACE/NAME');
  if (name === undefined) flags.wrong('--name', 'is required');
  if (from === undefined) flags.wrong('--from', 'is required');
  const effect = verb === 'ignore' ? { ignore: true } : { kind, like, ratio, ramp };
  return { name, from, to, duration, timeZone, workloads: [subject, ...also], ...effect };
}

async function check(flags: CalendarFlags, io: CommandIo): Promise<void> {
  const { subject, timeZone, json } = flags.values;
  if (subject === undefined) flags.wrong('WORKLOAD|ID|FILE', 'give a file');
  flags.check();
  const nowSeconds = Date.now() / 1000;
  const zone = flags.isGiven('timeZone') ? timeZone : undefined;
  const calendars = await calendarsInFile(subject ?? '', { timeZone: zone, io });
  const readings = [];
  for (const one of calendars) readings.push(await one.read(spanAround(nowSeconds)));
  const events = readings
    .flatMap((reading) => reading.events)
    .sort((a, b) => a.startSeconds - b.startSeconds);
  const warnings = readings.flatMap((reading) => reading.warnings);
  if (json) return io.stdout(`${JSON.stringify({ events: events.map(toKnownEvent), warnings })}\n`);
  for (const warning of warnings) io.stderr(`warning: ${warning}\n`);
  const next = events.filter(({ endSeconds }) => endSeconds > nowSeconds);
  io.stdout(`${events.length} events of last year, this year and next year, ${next.length} of them ahead\n`);
  for (const event of next.slice(0, mostShown)) io.stdout(`  ${eventLine(toKnownEvent(event), timeZone)}\n`);
  if (next.length > mostShown) io.stdout(`  and ${next.length - mostShown} more\n`);
}
