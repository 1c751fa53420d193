import { mkdir, readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { openTemporaryFolder } from '../platform/temporary-folder.ts';
import type { ProgramEnvironment } from './find-program.ts';
import { runTool } from './run-tool.ts';

const downloadTimeoutMs = 300_000;

/**
 * Downloads Debian packages with the machine's own sources and signatures and unpacks them into `folder`. Needs no
 * root: apt's lists and cache are private to this call. Two at once are safe, because the folder appears complete,
 * by renaming. `env` is for the tools. Rejects with an Error that says which step failed and what the tool said.
 */
export async function unpackDebianPackage(
  packages: readonly string[],
  folder: string,
  env: ProgramEnvironment,
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const { path: work, remove } = await openTemporaryFolder(`.${basename(folder)}`, dirname(folder));
  try {
    await Promise.all(
      ['lists/partial', 'cache/archives/partial', 'download', 'unpacked'].map((path) =>
        mkdir(join(work, path), { recursive: true }),
      ),
    );
    const privateFolders = [
      ['Dir::State::lists', join(work, 'lists')],
      ['Dir::Cache', join(work, 'cache')],
      // Apt would otherwise warn that its download user cannot enter a folder of root's.
      ['APT::Sandbox::User', 'root'],
    ].flatMap(([key, value]) => ['-o', `${key}=${value}`]);
    const download = join(work, 'download');
    const step = (tool: string, args: readonly string[], cwd: string) =>
      runTool(tool, args, { cwd, env, timeoutMs: downloadTimeoutMs, signal });
    await step('apt-get', [...privateFolders, '-q', 'update'], work);
    await step('apt-get', [...privateFolders, '-q', 'download', ...packages], download);
    const archives = (await readdir(download)).filter((name) => name.endsWith('.deb'));
    if (archives.length === 0) throw new Error(`apt-get download ${packages.join(' ')} left no package`);
    for (const archive of archives)
      await step('dpkg-deb', ['-x', join(download, archive), join(work, 'unpacked')], work);
    await rename(join(work, 'unpacked'), folder).catch(ignoreWhenAlreadyThere);
  } finally {
    await remove();
  }
}

/** Someone else unpacked the same package meanwhile: theirs is as good. */
export function ignoreWhenAlreadyThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}
