import type { Static } from 'typebox';
import type { CalendarsSchema, KnownEvent } from '../../../api/schemas/calendars.ts';
import { createTimeZone } from '../../../forecast/index.ts';
import { formatDuration } from '../../../platform/duration.ts';
import { zonedTime } from '../../../platform/moment.ts';

/** One event as people read it: when, what, and what it does. */
export function eventLine(
  { from, to, name, kind, rampSeconds, ...effect }: KnownEvent,
  timeZone: string,
): string {
  const zone = createTimeZone(timeZone);
  const time = (seconds: number) => zonedTime(seconds, zone.offsetAt(seconds));
  const ramp = rampSeconds > 0 ? `, fades for ${formatDuration(rampSeconds)}` : '';
  const ofKind = kind === name ? '' : ` [${kind}]`;
  return `${time(from)} for ${formatDuration(to - from)}  ${name}${ofKind}: ${effectWords(effect)}${ramp}`;
}

type Effect = Pick<KnownEvent, 'effect' | 'like' | 'ratio' | 'expectedRatio' | 'occurrences'>;

function effectWords({ effect, like, ratio, expectedRatio, occurrences = 0 }: Effect): string {
  if (effect === 'ignored') return 'nothing is learned from it';
  if (effect === 'given') return `${ratio} times an ordinary day`;
  if (expectedRatio !== undefined && occurrences > 0)
    return `${Number(expectedRatio.toPrecision(3))} times an ordinary day, learned from ${occurrences}`;
  return like === undefined ? 'learned from earlier ones' : `like a ${like} until such days have shown more`;
}

/** All calendars, and what was added. */
export function calendarLines(
  { calendars, added }: Static<typeof CalendarsSchema>,
  timeZone: string,
): string {
  const lines = calendars.flatMap((one) => [
    `${one.name}: ${one.events} events, from ${one.source}${one.workloads.length === 0 ? '' : `, of ${one.workloads.join(', ')}`}`,
    ...(one.failure === undefined ? [] : [`  cannot be read, the last good reading counts: ${one.failure}`]),
    ...one.warnings.map((warning) => `  warning: ${warning}`),
    ...one.next.map((event) => `  ${eventLine(event, timeZone)}`),
  ]);
  const own = added.map(
    ({ id, event }) => `  ${id}  ${event.name}, from ${event.from}, of ${event.workloads.join(', ')}`,
  );
  const all = [...lines, ...(own.length === 0 ? [] : ['added at run time:', ...own])];
  return all.length === 0 ? 'no calendar is configured, and no event was added\n' : `${all.join('\n')}\n`;
}
