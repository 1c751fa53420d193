import type { Static } from 'typebox';
import { type EventKind, EventsSchema } from '../../../api/schemas/events.ts';
import { createTimeZone } from '../../../forecast/index.ts';
import { formatDuration } from '../../../platform/duration.ts';
import { zonedTime } from '../../../platform/moment.ts';
import { type Colour, createPaint, type Paint } from '../../../platform/terminal/paint.ts';
import type { CommandIo } from '../../command-io.ts';
import type { EventsFlags } from '../../commands/events.ts';
import { createServerClient } from './server-client.ts';
import { workloadPath } from './workload-path.ts';

type Event = Static<typeof EventsSchema>['events'][number];

/** `forescale events`: what changed, newest last. */
export async function events(flags: EventsFlags, io: CommandIo): Promise<void> {
  const { workload, sinceSeconds, trigger, timeZone, json } = flags.values;
  if (trigger !== undefined && workload === undefined) flags.wrong('--trigger', 'goes with a workload');
  const client = createServerClient(flags, io);
  try {
    const path = workload === undefined ? '/api/v1/events' : workloadPath(workload, 'events');
    const query = new URLSearchParams({
      range: formatDuration(sinceSeconds),
      ...(trigger === undefined ? {} : { trigger }),
      ...(workload === undefined ? { limit: '5000' } : {}),
    });
    const { events: happened } = await client.get(`${path}?${query}`, EventsSchema);
    const paint = createPaint(io.isStdoutTty === true, io.env);
    for (const event of happened) {
      io.stdout(json ? `${JSON.stringify(event)}\n` : lineOf(event, timeZone, paint));
    }
    if (happened.length === 0) io.stderr(`nothing changed within ${formatDuration(sinceSeconds)}\n`);
  } finally {
    await client.close();
  }
}

const colours: Readonly<Partial<Record<EventKind, Colour>>> = {
  unavailable: 'red',
  blind: 'red',
  recovered: 'green',
  'forecast-ready': 'green',
  'forecast-lost': 'yellow',
  'trust-lost': 'yellow',
  'trust-regained': 'green',
  reactive: 'yellow',
  active: 'green',
  'cap-applied': 'yellow',
  'mode-switched': 'yellow',
  'calendar-changed': 'dim',
  'calendar-failed': 'yellow',
  'calendar-read': 'green',
};
const kindWidth = 15;

function lineOf({ at, namespace, name, kind, message }: Event, timeZone: string, paint: Paint): string {
  const time = zonedTime(at, createTimeZone(timeZone).offsetAt(at));
  const whose = namespace === null ? 'server' : `${namespace}/${name ?? ''}`;
  const coloured = paint(colours[kind] ?? 'dim', kind.padEnd(kindWidth));
  return `${time}  ${coloured}  ${whose}: ${message}\n`;
}
