import type { CalendarStanding } from '../../api/ports.ts';
import type { CalendarReading } from '../../forecast/index.ts';
import { spanAround } from '../../forecast/index.ts';
import type { Proxies } from '../../history/http/proxies.ts';
import type { Clock } from '../../platform/clock.ts';
import { parseDuration } from '../../platform/duration.ts';
import type { Logger } from '../../platform/log.ts';
import { type CalendarFailure, failureOf } from './failure-reasons.ts';
import { type ConfiguredCalendar, textSource } from './fetch-text.ts';
import type { KeptReadings } from './kept-readings.ts';
import { readInThread } from './read-in-thread.ts';

const usualInterval = '15m';
/** What has no file or URL is read again when the span of its years moves on. */
const withoutSourceSeconds = 3_600;
/** After a failure it is tried again sooner, up to the interval. */
const firstRetrySeconds = 30;

/** A calendar of the configuration, read again and again. */
export interface FollowedCalendar {
  readonly definition: ConfiguredCalendar;
  /** Settles when there is something to go by: the last good reading of before a restart, or the first try. */
  readonly first: Promise<void>;
  standing(): CalendarStanding;
  close(): Promise<void>;
}

interface FollowOptions {
  readonly kept: KeptReadings;
  readonly proxies: Proxies | undefined;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called where events are others than before, and where reading begins or ends to fail. */
  readonly onChange: (standing: CalendarStanding, what: 'events' | 'failure' | 'recovery') => void;
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one calendar and its rhythm, which share its state
export function followCalendar(definition: ConfiguredCalendar, options: FollowOptions): FollowedCalendar {
  const { kept, clock, log, onChange } = options;
  const { name, workloads = [] } = definition;
  const source = textSource(definition, options.proxies);
  const everySeconds =
    source === undefined
      ? withoutSourceSeconds
      : (parseDuration(definition.refreshInterval ?? usualInterval) ?? 0);
  const closing = new AbortController();
  let reading: CalendarReading | undefined;
  let readAt: number | undefined;
  let failure: { readonly message: string; readonly reason: CalendarFailure } | undefined;
  let failures = 0;
  let spanRead = '';
  let timer: NodeJS.Timeout | undefined;

  const standing = (): CalendarStanding => ({
    name,
    source: source?.place ?? sourceWords(definition),
    workloads,
    events: reading?.events ?? [],
    warnings: reading?.warnings ?? [],
    readAt,
    failure: failure?.message,
    failureReason: failure?.reason,
  });

  function take(next: CalendarReading): void {
    const isSame = JSON.stringify(next.events) === JSON.stringify(reading?.events ?? []);
    // The same array says that nothing has changed.
    reading = isSame && reading !== undefined ? { ...next, events: reading.events } : next;
    if (!isSame) onChange(standing(), 'events');
  }

  async function look(): Promise<void> {
    const span = spanAround(clock());
    const isSameSpan = JSON.stringify(span) === spanRead;
    if (source === undefined && isSameSpan && failure === undefined) return;
    const text = await source?.read(closing.signal, isSameSpan && failure === undefined);
    if (text !== 'unchanged') {
      const next = await readInThread({ definition, source: text, span }, closing.signal);
      take(next);
      if (source !== undefined) await kept.save(name, definition, next);
    }
    spanRead = JSON.stringify(span);
    readAt = clock();
  }

  async function tryToLook(): Promise<void> {
    try {
      await look();
      const hadFailed = failure !== undefined;
      failure = undefined;
      failures = 0;
      if (hadFailed) onChange(standing(), 'recovery');
    } catch (error) {
      if (closing.signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      failures++;
      const isNew = failure === undefined;
      failure = { message, reason: failureOf(error) };
      log.warn({ calendar: name, error: message, events: standing().events.length }, 'calendar-not-read');
      if (isNew) onChange(standing(), 'failure');
    }
  }

  function schedule(): void {
    const retry =
      failures === 0 ? everySeconds : Math.min(everySeconds, firstRetrySeconds * 2 ** (failures - 1));
    timer = setTimeout(() => void tryToLook().then(schedule), retry * 1000).unref();
    if (closing.signal.aborted) clearTimeout(timer);
  }

  async function begin(): Promise<void> {
    const before = await kept.load(name, definition);
    if (before !== undefined) take(before);
    const looked = tryToLook().then(schedule);
    if (before === undefined) await looked;
  }

  return {
    definition,
    first: begin(),
    standing,
    async close() {
      clearTimeout(timer);
      closing.abort(new Error('the server is stopping'));
      await source?.close();
    },
  };
}

function sourceWords({ holidays, days, events = [] }: ConfiguredCalendar): string {
  if (holidays !== undefined) {
    const { country, state, region } = holidays;
    return `holidays of ${[country, state, region].filter((part) => part !== undefined).join('-')}`;
  }
  return days === undefined ? `${events.length} events of the configuration` : days.join(' and ');
}
