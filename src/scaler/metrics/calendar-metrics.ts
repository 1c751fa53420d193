import { Gauge, type Registry } from 'prom-client';

/** How a calendar of the configuration stands. */
export interface CalendarHealth {
  readonly name: string;
  /** Unix seconds of the last reading that was good; undefined before the first. */
  readonly readAt: number | undefined;
  /** Why the newest try failed, in few words; undefined where it did not. */
  readonly failureReason: string | undefined;
}

/** Registers what is known of the calendars, read at each scrape: two series of each. */
export function registerCalendarMetrics(
  registers: Registry[],
  calendars: () => readonly CalendarHealth[],
): void {
  new Gauge({
    name: 'forescale_calendar_failing',
    help: '1 while a calendar cannot be read and its last good reading counts, by reason: not-found, refused, unreachable, timeout, too-large, unreadable; 0 and none where it was read',
    labelNames: ['calendar', 'reason'],
    registers,
    collect() {
      // The reason of before is no series any more.
      this.reset();
      for (const { name, failureReason } of calendars())
        this.set({ calendar: name, reason: failureReason ?? 'none' }, failureReason === undefined ? 0 : 1);
    },
  });
  new Gauge({
    name: 'forescale_calendar_read_timestamp_seconds',
    help: 'Unix time at which a calendar was read last',
    labelNames: ['calendar'],
    registers,
    collect() {
      for (const { name, readAt } of calendars())
        if (readAt !== undefined) this.set({ calendar: name }, readAt);
    },
  });
}
