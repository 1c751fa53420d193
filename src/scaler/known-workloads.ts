import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Logger } from '../platform/log.ts';
import type { TriggerRef } from './workloads.ts';

const fileName = 'known-workloads.json';

const KnownWorkloads = Type.Array(
  Type.Object({
    namespace: Type.String(),
    name: Type.String(),
    scalerMetadata: Type.Record(Type.String(), Type.String()),
  }),
);

/** Remembers across restarts which workloads KEDA asked for, so that they are warm before the server says ready. */
export function createKnownWorkloadsFile(stateDirectory: string, log: Logger) {
  const path = join(stateDirectory, fileName);
  return {
    /** What was saved last; empty where nothing is, or where the file cannot be read (said as a warning). */
    async load(): Promise<readonly TriggerRef[]> {
      try {
        return Value.Parse(KnownWorkloads, JSON.parse(await readFile(path, 'utf8')));
      } catch (error) {
        if (!isMissing(error)) log.warn({ path, error: String(error) }, 'known-workloads-unreadable');
        return [];
      }
    },
    /** Replaces what was saved, atomically. A failure is a warning: it costs a slower first answer after a restart. */
    async save(refs: readonly TriggerRef[]): Promise<void> {
      try {
        await mkdir(stateDirectory, { recursive: true });
        const temporary = `${path}.${process.pid}`;
        await writeFile(temporary, JSON.stringify(refs));
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
