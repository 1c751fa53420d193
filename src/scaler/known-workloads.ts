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

export interface KnownWorkloadsFile {
  /** What was saved last; empty where nothing is, or where the file cannot be read (said as a warning). */
  load(): Promise<readonly TriggerRef[]>;
  /** Replaces what was saved, atomically. A failure is a warning: it costs a slower first answer after a restart. */
  save(refs: readonly TriggerRef[]): Promise<void>;
}

/** Remembers across restarts which workloads KEDA asked for, so that they are warm before the server says ready. */
export function createKnownWorkloadsFile(stateDirectory: string, log: Logger): KnownWorkloadsFile {
  const path = join(stateDirectory, fileName);
  return {
    async load() {
      try {
        return Value.Parse(KnownWorkloads, JSON.parse(await readFile(path, 'utf8')));
      } catch (error) {
        if (!isMissing(error)) log.warn({ path, error: String(error) }, 'known-workloads-unreadable');
        return [];
      }
    },
    async save(refs) {
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
