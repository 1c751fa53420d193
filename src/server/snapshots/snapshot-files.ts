import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SnapshotStore } from '../../forecast/index.ts';
import type { Logger } from '../../platform/log.ts';

const ending = '.snapshot';
/** No snapshot is larger; a larger file is none. */
const mostBytesOfOne = 1024 * 1024;
/** Snapshots that wait for the disk at most: one that hangs would fill the memory. */
const mostWaitingBytes = 32 * 1024 * 1024;
/** A snapshot that is no older is of a model that is there: each is renewed about once an hour. */
const ofModelMs = 2 * 3_600_000;
/** A failure that goes on is said again after so many milliseconds. */
const sayAgainMs = 3_600_000;

interface Kept {
  readonly bytes: number;
  readonly savedMs: number;
}

/**
 * Keeps snapshots of models as files of one folder, which nobody else can read. A file is written beside the old one, and takes its
 * place when the disk has it, so that a process that is killed leaves one of the two. Where they take more than `mostBytes` the oldest
 * go first: those of models that are no more, because the others are renewed every hour. Where one of a model that is there has to go,
 * the log says so. The folder is read at the first use.
 */
export function createSnapshotFiles(
  folder: string,
  { mostBytes, log }: { readonly mostBytes: number; readonly log: Logger },
): SnapshotStore {
  /** By name, oldest first. */
  let kept: Promise<Map<string, Kept>> | undefined;
  let writing: Promise<unknown> = Promise.resolve();
  let waitingBytes = 0;
  const sayNotSaved = hourly((error: unknown) =>
    log.warn({ folder, error: String(error) }, 'snapshots-not-saved'),
  );
  const sayFull = hourly((snapshots: number) =>
    log.warn({ folder, snapshots, mostBytes, setting: 'limits.snapshotBytes' }, 'snapshots-full'),
  );

  const pathOf = (name: string) => join(folder, `${name}${ending}`);

  async function makeRoom(files: Map<string, Kept>, bytes: number): Promise<void> {
    let sum = bytes;
    for (const file of files.values()) sum += file.bytes;
    for (const [name, file] of files) {
      if (sum <= mostBytes) return;
      if (Date.now() - file.savedMs < ofModelMs) sayFull(files.size);
      sum -= file.bytes;
      files.delete(name);
      await rm(pathOf(name), { force: true });
    }
  }

  async function write(name: string, bytes: Uint8Array): Promise<void> {
    kept ??= readFolder(folder);
    const files = await kept;
    files.delete(name);
    await makeRoom(files, bytes.length);
    await replaceFile(pathOf(name), bytes);
    files.set(name, { bytes: bytes.length, savedMs: Date.now() });
  }

  return {
    async load(name) {
      try {
        const { size } = await stat(pathOf(name));
        if (size > mostBytesOfOne) throw new Error(`it has ${size} bytes, more than any snapshot`);
        return await readFile(pathOf(name));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async save(name, bytes) {
      if (waitingBytes + bytes.length > mostWaitingBytes) {
        const error = new Error('the disk is slower than snapshots are made');
        sayNotSaved(error);
        throw error;
      }
      waitingBytes += bytes.length;
      const saved = writing
        .then(() => write(name, bytes))
        .finally(() => {
          waitingBytes -= bytes.length;
        });
      writing = saved.catch((error: unknown) => {
        // The folder may be another one when it works again.
        kept = undefined;
        sayNotSaved(error);
      });
      return saved;
    },
  };
}

/** Writes beside the file, and puts that in its place when the disk has it. */
async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** Says something, and says it again after an hour at the earliest. */
function hourly<T>(say: (about: T) => void): (about: T) => void {
  let saidMs = Number.NEGATIVE_INFINITY;
  return (about) => {
    if (performance.now() - saidMs < sayAgainMs) return;
    saidMs = performance.now();
    say(about);
  };
}

/** Makes the folder, removes what writers that were killed have left, and lists the snapshots, oldest first. */
async function readFolder(folder: string): Promise<Map<string, Kept>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found: [string, Kept][] = [];
  for (const file of await readdir(folder)) {
    const path = join(folder, file);
    if (!file.endsWith(ending)) {
      if (file.includes(`${ending}.`)) await rm(path, { force: true });
      continue;
    }
    const { size, mtimeMs } = await stat(path);
    found.push([file.slice(0, -ending.length), { bytes: size, savedMs: mtimeMs }]);
  }
  return new Map(found.sort(([, a], [, b]) => a.savedMs - b.savedMs));
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
