import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Clock } from '../../platform/clock.ts';
import { ForescaleError } from '../../platform/errors.ts';
import type { Logger } from '../../platform/log.ts';
import { createTimeSlices } from '../../platform/turns/time-slices.ts';
import { maxKeptBytes } from '../trigger-metadata.ts';
import type { KnownTrigger } from './expected-triggers.ts';

const fileName = 'known-workloads.ndjson';
/**
 * Largest list, bytes: some ten thousand workloads. While a list is replaced there are two, and the chart's volume has room for both
 * beside the record.
 */
const maxListBytes = 24 * 1024 * 1024;

/** Longest line, characters: the largest metadata that is kept, of which JSON may write one character as six, and names. */
const longestLine = 8 * maxKeptBytes;

const KnownWorkload = Type.Object({
  namespace: Type.String(),
  name: Type.String(),
  scalerMetadata: Type.Record(Type.String(), Type.String()),
  /** Unix seconds. */
  askedAt: Type.Number(),
  /** Names the trigger among those of a replica; servers of versions before peers had none. */
  key: Type.Optional(Type.String()),
  /** The last value that was good; servers of versions before 2026-12 told none. */
  served: Type.Optional(
    Type.Object({
      /** Unix seconds. */
      atSeconds: Type.Number(),
      signal: Type.Number({ minimum: 0 }),
      active: Type.Boolean(),
      observed: Type.Optional(Type.Number({ minimum: 0 })),
    }),
  ),
});

/** Compiled, because there may be ten thousand lines to read before the server answers. */
const check = Compile(KnownWorkload);

/** A known trigger as another replica tells it. */
export interface ParsedTrigger extends KnownTrigger {
  readonly key?: string | undefined;
}

/** Known workloads as lines of JSON, up to the largest list; the event loop turns in between. */
export async function* knownLines(known: readonly KnownTrigger[], clock: Clock): AsyncGenerator<string> {
  const slices = createTimeSlices();
  let bytes = 0;
  for (const { askedSecondsAgo, ...ref } of known) {
    const line = `${JSON.stringify({ ...ref, askedAt: clock() - askedSecondsAgo })}\n`;
    bytes += Buffer.byteLength(line);
    if (bytes > maxListBytes) return;
    yield line;
    if (slices.isOver()) await slices.nextTurn();
  }
}

/** Reads such lines. Throws where one of them is none. */
export async function parseKnownLines(text: string, clock: Clock): Promise<ParsedTrigger[]> {
  const slices = createTimeSlices();
  const known: ParsedTrigger[] = [];
  for (let start = 0; start < text.length; ) {
    if (slices.isOver()) await slices.nextTurn();
    const next = text.indexOf('\n', start);
    const end = next === -1 ? text.length : next;
    if (end - start > longestLine) {
      throw new ForescaleError('too-large', `a line has ${end - start} characters, and no trigger that many`);
    }
    const line = text.slice(start, end);
    start = end + 1;
    if (line === '') continue;
    const { askedAt, ...ref } = check.Parse(JSON.parse(line));
    known.push({ ...ref, askedSecondsAgo: Math.max(0, clock() - askedAt) });
  }
  return known;
}

/** Remembers across restarts which workloads KEDA asked for, so that they are warm before the server says ready. */
export function createKnownWorkloadsFile(
  stateDirectory: string,
  { clock, log }: { readonly clock: Clock; readonly log: Logger },
) {
  const path = join(stateDirectory, fileName);
  let saving: Promise<void> = Promise.resolve();

  async function write(refs: readonly KnownTrigger[]): Promise<void> {
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
    /** What was saved last; empty where nothing is, or where the file cannot be read (said as a warning). */
    async load(): Promise<readonly KnownTrigger[]> {
      try {
        const { size } = await stat(path);
        if (size > maxListBytes) throw new ForescaleError('too-large', `it has ${size} bytes`);
        return await parseKnownLines(await readFile(path, 'utf8'), clock);
      } catch (error) {
        if (!isMissing(error)) log.warn({ path, error: String(error) }, 'known-workloads-unreadable');
        return [];
      }
    },
    /** Replaces what was saved, atomically, one after the other. A failure is a warning: it costs a slower first answer. */
    save(refs: readonly KnownTrigger[]): Promise<void> {
      saving = saving.then(() => write(refs));
      return saving;
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
