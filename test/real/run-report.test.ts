import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { openTemporaryFolder } from '../../tools/temporary-folder.ts';
import { projectRoot } from '../repository/project-files.ts';

const reporter = fileURLToPath(new URL('../support/run-report.ts', import.meta.url));
const vitest = join(projectRoot, 'node_modules/.bin/vitest');

it('names at the end of a run how long files took, and all that failed: tests, suites that could not begin, and files that could not be read', async () => {
  const folder = await openTemporaryFolder('forescale-test-');
  try {
    const write = (name: string, text: string) => writeFileSync(join(folder.path, name), text);
    write(
      'vitest.config.ts',
      `import { createRunReport } from ${JSON.stringify(reporter)};
       export default { test: { globals: true, reporters: [createRunReport()] } };`,
    );
    write(
      'failing.test.ts',
      `it('adds', () => { throw new Error('no sum'); });
       describe('a stack', () => { beforeAll(() => { throw new Error('no stack'); }); it('answers', () => {}); });`,
    );
    write('unread.test.ts', `throw new Error('no file');`);
    const run = promisify(execFile)(vitest, ['run', '--root', folder.path], { cwd: projectRoot });
    const { stdout } = await run.catch((error: { stdout: string }) => error);
    expect(stdout).toMatch(/^took: +\d+ s {3}failing\.test\.ts$/m);
    expect(stdout.split('\n').filter((line) => line.startsWith('failed: '))).toEqual(
      expect.arrayContaining([
        'failed: failing.test.ts > adds: no sum',
        'failed: failing.test.ts > a stack: no stack',
        'failed: unread.test.ts > the whole file: no file',
      ]),
    );
  } finally {
    await folder.remove();
  }
});
