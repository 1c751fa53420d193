import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder {
  readonly path: string;
  /** Removes the folder with everything in it; safe to call twice. */
  remove(): Promise<void>;
}

/** Folders that have not been removed yet. One exit listener serves all of them, because there may be dozens. */
const left = new Set<string>();

/**
 * Makes a new folder `<parent>/<prefix>-…` (default parent: the system's temporary folder). The caller removes it; if the process
 * exits before that, as on a second Ctrl-C, the folder is removed with it.
 */
export async function openTemporaryFolder(prefix: string, parent = tmpdir()): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(parent, `${prefix}-`));
  if (left.size === 0) process.on('exit', removeLeft);
  left.add(path);
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      left.delete(path);
      if (left.size === 0) process.off('exit', removeLeft);
    },
  };
}

function removeLeft(): void {
  for (const path of left) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // A program that is still ending writes into the folder; whoever started it removes the folder too.
    }
  }
}
