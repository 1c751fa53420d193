import { mkdir, rename } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { openTemporaryFolder } from '../temporary-folder.ts';

/**
 * Makes `folder` appear whole or not at all, so that two processes may make it at once. `make` works in a temporary folder beside
 * it and resolves with the path, within that, of what becomes `folder`. Nothing is left behind when it fails.
 */
export async function makeWholeFolder(
  folder: string,
  make: (work: string) => Promise<string>,
): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const { path: work, remove } = await openTemporaryFolder(`.${basename(folder)}`, dirname(folder));
  try {
    await rename(await make(work), folder).catch(ignoreWhenAlreadyThere);
  } finally {
    await remove();
  }
}

/** Ignores that another process has made the same folder in the meantime, because that folder is just as good. */
function ignoreWhenAlreadyThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}
