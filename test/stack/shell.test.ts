import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../../tools/programs/find-program.ts';
import { whyMissing } from '../real/real-programs.ts';
import { projectRoot, trackedFiles } from '../repository/project-files.ts';

const files = trackedFiles('k8s/stack').filter((path) => path.endsWith('.sh'));
const read = (path: string) => readFileSync(resolve(projectRoot, path), 'utf8');
const noShellcheck = await whyMissing('shellcheck');

describe('the shell of ./stack', () => {
  it('is read as a whole: every file is sourced, and none that is not there', () => {
    const sourced = [...read('stack').matchAll(/^ {2}source "\$root\/(.+\.sh)"$/gm)].map(([, path]) => path);
    expect(files.length).toBeGreaterThan(25);
    expect([...sourced].sort()).toEqual(files);
  });

  it('has a verb in a file of its own for every line of the table, and no other', () => {
    const table = /verb_table='([^']*)'/.exec(read('k8s/stack/verb-table.sh'))?.[1] ?? '';
    const verbs = table.split('\n').map((line) => line.split('|')[0] ?? '');
    expect(verbs.length).toBeGreaterThan(10);
    expect(files.filter((path) => path.includes('/verbs/'))).toEqual(
      verbs.map((verb) => `k8s/stack/verbs/${verb}.sh`).sort(),
    );
    for (const verb of verbs) expect(read(`k8s/stack/verbs/${verb}.sh`)).toContain(`\nverb_${verb}() {`);
  });

  it('is understood by bash', () => {
    for (const path of ['stack', ...files]) {
      const { status, stderr } = spawnSync('bash', ['-n', resolve(projectRoot, path)], { encoding: 'utf8' });
      expect({ path, status, stderr }).toEqual({ path, status: 0, stderr: '' });
    }
  });

  it('defines no function twice', () => {
    const names = ['stack', ...files].flatMap((path) =>
      [...read(path).matchAll(/^(\w+)\(\) /gm)].map(([, name]) => name),
    );
    expect(names.length).toBeGreaterThan(80);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it.skipIf(noShellcheck !== undefined)(
    `is one that ShellCheck has nothing against${noShellcheck === undefined ? '' : ` (skipped: ${noShellcheck})`}`,
    { timeout: 120_000 },
    async () => {
      const { path } = await findProgram('shellcheck', process.env);
      const check = (input: string, args: readonly string[]) =>
        spawnSync(path, args, { cwd: projectRoot, encoding: 'utf8', input, timeout: 100_000 });
      // It sees something: an unquoted variable is found.
      expect(check('#!/bin/bash\nrm $1\n', ['-']).stdout).toContain('SC2086');
      expect(check('', ['--external-sources', '--check-sourced', 'stack'])).toMatchObject({
        stdout: '',
        status: 0,
      });
    },
  );

  it('can be started as it is checked out', () => {
    const listed = execFileSync('git', ['ls-files', '--stage', 'stack'], {
      cwd: projectRoot,
      encoding: 'utf8',
    });
    expect(listed).toMatch(/^100755 /);
  });
});
