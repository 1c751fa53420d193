import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const downloadTimeoutMs = 300_000;

/**
 * Downloads a Debian package with the machine's own sources and signatures and unpacks it into `folder`. Needs no
 * root: apt's lists and cache are private to this call. Two at once are safe, because the folder appears complete,
 * by renaming. `env` is for the tools. Rejects with an Error that says which step failed and what the tool said.
 */
export async function unpackDebianPackage(
  packageName: string,
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
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
    const step = (tool: string, args: readonly string[], cwd: string) => runTool(tool, args, { cwd, env });
    await step('apt-get', [...privateFolders, '-q', 'update'], work);
    await step('apt-get', [...privateFolders, '-q', 'download', packageName], download);
    const [archive] = (await readdir(download)).filter((name) => name.endsWith('.deb'));
    if (archive === undefined) throw new Error(`apt-get download ${packageName} left no package`);
    await step('dpkg-deb', ['-x', join(download, archive), join(work, 'unpacked')], work);
    await rename(join(work, 'unpacked'), folder).catch(ignoreWhenAlreadyThere);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Someone else unpacked the same package meanwhile: theirs is as good. */
function ignoreWhenAlreadyThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}

async function runTool(
  tool: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<void> {
  try {
    await run(tool, args, { cwd, env: { ...env }, timeout: downloadTimeoutMs });
  } catch (cause) {
    const { code, stderr } = cause as { code?: unknown; stderr?: string };
    if (code === 'ENOENT') throw new Error(`this machine has no ${tool}`, { cause });
    const said = (stderr ?? '').trim().split('\n').slice(-3).join(' ');
    const command = args.filter((arg) => !arg.startsWith('-') && !arg.includes('::')).join(' ');
    throw new Error(`${tool} ${command} failed: ${said === '' ? String(cause) : said}`, { cause });
  }
}
