import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProgramEnvironment } from './program.ts';
import { runTool } from './run-tool.ts';
import { makeWholeFolder } from './whole-folder.ts';

const downloadTimeoutMs = 300_000;

/**
 * Downloads Debian packages with the machine's own sources and signatures and unpacks them into `folder`. This needs no root,
 * because apt's lists and cache are private to the call. `env` is the environment of the tools. Rejects with an Error that says
 * which step failed and what the tool said.
 */
export async function unpackDebianPackage(
  packages: readonly string[],
  folder: string,
  env: ProgramEnvironment,
  signal?: AbortSignal,
): Promise<void> {
  await makeWholeFolder(folder, async (work) => {
    await Promise.all(
      ['lists/partial', 'cache/archives/partial', 'download', 'unpacked'].map((path) =>
        mkdir(join(work, path), { recursive: true }),
      ),
    );
    const privateFolders = [
      ['Dir::State::lists', join(work, 'lists')],
      ['Dir::Cache', join(work, 'cache')],
      // Otherwise apt warns that its download user cannot enter a folder that belongs to root.
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
    return join(work, 'unpacked');
  });
}
