import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../tools/programs/find-program.ts';
import { verbs } from '../../tools/stack/command-line.ts';
import { whyMissing } from '../real/real-programs.ts';
import { projectRoot } from '../repository/project-files.ts';
import { linkStack } from './linked-stack.ts';

/** On a machine without a kubeconfig. */
const { folder, run: stack } = linkStack();
afterAll(() => rmSync(folder, { recursive: true }));

describe('the command line of ./stack', () => {
  it('shows every verb, and of a verb its options and examples', async () => {
    const overview = await stack('help');
    expect(overview).toMatchObject({ code: 0, stderr: '' });
    for (const [verb, [what]] of Object.entries(verbs)) {
      expect(overview.stdout).toMatch(new RegExp(`^  ${verb} .* ${what.slice(0, 40)}`, 'm'));
    }
    const { code, stdout } = await stack('cleanup --help');
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--data --keda --crds\n'),
    });
    expect(stdout).not.toContain('--archive');
  });

  it.each([
    ['remove', "unknown command 'remove'"],
    ['cleanup --archive x', "unknown option '--archive'"],
    ['deploy --target mars', 'must be one of k3s, microk8s'],
    ['deploy --timeout 5', 'must be a duration such as 90s or 5m'],
    ['deploy --image forescale', 'must be a reference such as'],
    ['seed --days many', 'must be a number'],
    ['ports all', "too many arguments for 'ports'"],
    ['load month --target dev', 'there is no load "month"'],
    ['load weekday PEAK=3 --target dev', '"PEAK=3" is not LOAD_…=value'],
    ['logs database --target dev', 'there is no component "database"'],
    ['status', 'the current context tells no target'],
  ])('ends with 2 for "%s" and says why', async (line, why) => {
    expect(await stack(line)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(why),
    });
  });

  it('ends with 1 where no cluster is reached', async () => {
    for (const verb of ['install', 'deploy', 'status', 'test', 'ports', 'credentials', 'cleanup']) {
      const ended = await stack(`${verb} --target dev --kubectl no-such-kubectl`);
      expect(ended).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('there is no kubectl'),
      });
    }
    const { code, stdout } = await stack('doctor --target k3s --kubectl no-such-kubectl --json');
    const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: { id: string }[] };
    expect({ code, ok, ids: checks.map(({ id }) => id) }).toEqual({
      code: 1,
      ok: false,
      ids: ['program', 'access'],
    });
  });

  it('starts by a script that ShellCheck has nothing against', async ({ skip }) => {
    skip((await whyMissing('shellcheck')) !== undefined);
    const { path } = await findProgram('shellcheck', process.env);
    expect(spawnSync(path, ['stack'], { cwd: projectRoot, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stdout: '',
    });
  });
});
