import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ProgramEnvironment } from './program.ts';
import { runTool } from './run-tool.ts';
import { makeWholeFolder } from './whole-folder.ts';

const of = (file: string) =>
  fileURLToPath(new URL(`../../bench/opponents/outside/python/${file}`, import.meta.url));
const installArgs = [
  ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-compile', '--target=.'],
  // Nothing is built here, and nothing is taken whose hash is not pinned.
  ...['--only-binary=:all:', '--require-hashes', '--requirement', of('requirements.txt')],
];

/**
 * The packages of the benchmark's opponents in Python, which the machine's own pip fetches once for each version of Python. Rejects
 * with an Error that says which step failed and what the tool said.
 */
export async function pythonOpponents(
  env: ProgramEnvironment,
  onFetch: () => void,
  signal?: AbortSignal,
): Promise<{ readonly path: string; readonly from: 'cache' | 'fetched' }> {
  const path = (
    await runTool('python3', [of('packages.py')], { cwd: '.', env, timeoutMs: 60_000, signal })
  ).trim();
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) return { path, from: 'cache' };
  onFetch();
  await makeWholeFolder(path, async (work) => {
    await runTool('python3', installArgs, { cwd: work, env, timeoutMs: 600_000, signal });
    return work;
  });
  return { path, from: 'fetched' };
}
