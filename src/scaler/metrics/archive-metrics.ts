import { Gauge, type Registry } from 'prom-client';

/** How the archive of demand stands. */
export interface ArchiveStanding {
  readonly bytes: number;
  /** Unix seconds; undefined while nothing is kept. */
  readonly oldestSeconds: number | undefined;
  readonly warning: string | undefined;
}

/** Registers what is known of the archive of demand, read at each scrape; nothing where there is none. */
export function registerArchiveMetrics(
  registers: Registry[],
  state: (() => ArchiveStanding) | undefined,
): void {
  if (state === undefined) return;
  new Gauge({
    name: 'forescale_archive_degraded',
    help: '1 while demand is not archived because the file or its thread does not work',
    registers,
    collect() {
      this.set(state().warning === undefined ? 0 : 1);
    },
  });
  new Gauge({
    name: 'forescale_archive_bytes',
    help: 'Size of the file with the archive of demand',
    registers,
    collect() {
      this.set(state().bytes);
    },
  });
  new Gauge({
    name: 'forescale_archive_oldest_timestamp_seconds',
    help: 'Time of the oldest demand in the archive',
    registers,
    collect() {
      const { oldestSeconds } = state();
      if (oldestSeconds !== undefined) this.set(oldestSeconds);
    },
  });
}
