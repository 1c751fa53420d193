import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder {
  readonly path: string;
  /** Removes it with everything in it; safe to call twice. */
  remove(): Promise<void>;
}

/** What nobody has removed yet. One listener for all of them: there may be dozens. */
const left = new Set<string>();

/**
 * A new folder `<parent>/<prefix>-…` (default: in the system's folder for such). Whoever made it removes it; where the
 * process exits before that, as on a second Ctrl-C, it goes with the process.
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
      // A program that still ends writes into it: who started that one removes it too.
    }
  }
}
