import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { KnownTrigger } from './workloads.ts';

const fileName = 'known-workloads.json';

const KnownWorkloads = Type.Array(
  Type.Object({
    namespace: Type.String(),
    name: Type.String(),
    scalerMetadata: Type.Record(Type.String(), Type.String()),
    /** Unix seconds. */
    askedAt: Type.Number(),
  }),
);

/** Remembers across restarts which workloads KEDA asked for, so that they are warm before the server says ready. */
export function createKnownWorkloadsFile(
  stateDirectory: string,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
) {
  const path = join(stateDirectory, fileName);
  return {
    /** What was saved last; empty where nothing is, or where the file cannot be read (said as a warning). */
    async load(): Promise<readonly KnownTrigger[]> {
      try {
        const known = Value.Parse(KnownWorkloads, JSON.parse(await readFile(path, 'utf8')));
        return known.map(({ askedAt, ...ref }) => ({
          ...ref,
          askedSecondsAgo: Math.max(0, clock() - askedAt),
        }));
      } catch (error) {
        if (!isMissing(error)) log.warn({ path, error: String(error) }, 'known-workloads-unreadable');
        return [];
      }
    },
    /** Replaces what was saved, atomically. A failure is a warning: it costs a slower first answer after a restart. */
    async save(refs: readonly KnownTrigger[]): Promise<void> {
      try {
        await mkdir(stateDirectory, { recursive: true });
        const temporary = `${path}.${process.pid}`;
        const known = refs.map(({ askedSecondsAgo, ...ref }) => ({
          ...ref,
          askedAt: clock() - askedSecondsAgo,
        }));
        // Metadata may hold secrets of the workload's pods (`…FromEnv`), so nobody else may read the file.
        await writeFile(temporary, JSON.stringify(known), { mode: 0o600 });
        await rename(temporary, path);
      } catch (error) {
        log.warn({ path, error: String(error) }, 'known-workloads-not-saved');
      }
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
