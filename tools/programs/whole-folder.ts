import { mkdir, rename } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { openTemporaryFolder } from '../temporary-folder.ts';

/**
 * Makes `folder` appear whole or not at all, so that two at once are safe: `make` works in a temporary folder beside it, and
 * resolves with the path in there of what becomes the folder. Where that fails nothing is left.
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

/** Someone else made the same meanwhile: theirs is as good. */
function ignoreWhenAlreadyThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}
