import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Builds `dist`, which is what an installed package runs: the JavaScript and the declarations of `src`, and beside them
 * the files of the pages. Paths from a module to `package.json` and `proto` are the same as in `src`.
 */
const root = fileURLToPath(new URL('../', import.meta.url));
const pageFiles = ['.css', '.html', '.js', '.svg'];

rmSync(`${root}dist`, { recursive: true, force: true });
// On two cores its threads, which check the same types again for themselves, cost more than they save.
execFileSync('tsc', ['--project', 'tsconfig.build.json', '--singleThreaded'], {
  cwd: root,
  stdio: 'inherit',
});
cpSync(`${root}src`, `${root}dist`, {
  recursive: true,
  filter: (path) => extname(path) === '' || pageFiles.includes(extname(path)),
});
