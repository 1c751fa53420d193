import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CalendarReading } from '../../forecast/index.ts';
import type { Logger } from '../../platform/log.ts';

/** The last good readings of calendars, across restarts. Nothing rejects: what fails is a warning. */
export interface KeptReadings {
  /** What was read last of a calendar that was configured so. */
  load(name: string, definition: unknown): Promise<CalendarReading | undefined>;
  save(name: string, definition: unknown, reading: CalendarReading): Promise<void>;
}

const folder = 'calendars';

/** Keeps readings in the state directory; without one there is nothing to keep them in. */
export function keptReadings(stateDir: string | undefined, log: Logger): KeptReadings {
  if (stateDir === undefined) return { load: async () => undefined, save: async () => undefined };
  const pathOf = (name: string) => join(stateDir, folder, `${name}.json`);
  const warn = (name: string, error: unknown) =>
    log.warn({ calendar: name, error: String(error) }, 'calendar-not-kept');
  return {
    async load(name, definition) {
      try {
        const { of, digest, reading } = JSON.parse(await readFile(pathOf(name), 'utf8'));
        return of === digestOf(definition) && digest === digestOf(reading) ? reading : undefined;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) warn(name, error);
        return undefined;
      }
    },
    async save(name, definition, reading) {
      try {
        await mkdir(join(stateDir, folder), { recursive: true });
        const temporary = `${pathOf(name)}.${process.pid}`;
        const text = JSON.stringify({ of: digestOf(definition), digest: digestOf(reading), reading });
        await writeFile(temporary, text, { mode: 0o600, flush: true });
        await rename(temporary, pathOf(name));
      } catch (error) {
        warn(name, error);
      }
    },
  };
}

const digestOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex');
