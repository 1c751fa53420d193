import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../platform/clock.ts';
import { ForescaleError } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import { putAside } from '../../platform/storage/put-aside.ts';
import type { KnownTrigger } from './expected-triggers.ts';
import { knownLines, maxListBytes, parseKnownLines } from './known-lines.ts';

const fileName = 'known-workloads.ndjson';

/** Remembers across restarts which workloads KEDA asked for, so that they are warm before the server says ready. */
export function createKnownWorkloadsFile(
  stateDirectory: string,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
) {
  const path = join(stateDirectory, fileName);
  let saving: Promise<void> = Promise.resolve();

  async function write(refs: Iterable<KnownTrigger>): Promise<void> {
    try {
      await mkdir(stateDirectory, { recursive: true });
      const temporary = `${path}.${process.pid}`;
      // Metadata may hold secrets of the workload's pods (`…FromEnv`), so nobody else may read the file.
      const file = await open(temporary, 'w', 0o600);
      try {
        let chunk = '';
        for await (const line of knownLines(refs, clock)) {
          chunk += line;
          if (chunk.length < 65_536) continue;
          await file.write(chunk);
          chunk = '';
        }
        await file.write(chunk);
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      log.warn({ path, error: String(error) }, 'known-workloads-not-saved');
    }
  }

  return {
    /**
     * What was saved last; empty where nothing is. Each line that is wrong is left out with a warning. A file that cannot be read is
     * put aside with one, so that no later save takes its place.
     */
    async load(): Promise<readonly KnownTrigger[]> {
      try {
        const { size } = await stat(path);
        if (size > maxListBytes) throw new ForescaleError('too-large', `it has ${size} bytes`);
        const { known, wrong } = await parseKnownLines(await readFile(path, 'utf8'), clock);
        if (wrong.length > 0) log.warn({ path, wrong }, 'known-workloads-left-out');
        return known;
      } catch (error) {
        if (!isMissing(error)) log.warn(await putAside(path, error), 'known-workloads-unreadable');
        return [];
      }
    },
    /** Replaces what was saved, atomically, one after the other. A failure is a warning: it costs a slower first answer. */
    save(refs: Iterable<KnownTrigger>): Promise<void> {
      saving = saving.then(() => write(refs));
      return saving;
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
