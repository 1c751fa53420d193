import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** Files below `folder` that git tracks or would track, relative to the project root. */
export function trackedFiles(folder: string): string[] {
  const output = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', folder], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  return [...new Set(output.split('\n'))].filter((line) => line !== '').sort();
}
