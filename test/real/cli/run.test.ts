import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/run.ts';
import { projectRoot } from '../../repository/project-files.ts';

async function run(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const said = { stdout: '', stderr: '' };
  const code = await runCli(args, {
    stdout: (text) => {
      said.stdout += text;
    },
    stderr: (text) => {
      said.stderr += text;
    },
    isTty: false,
    env: {},
  });
  return { code, ...said };
}

const commands = [
  'serve',
  'forecast',
  'explain',
  'backtest',
  'what-if',
  'seed',
  'keda-sim',
  'doctor',
  'demo',
];

describe('the command line', () => {
  it('starts under plain node, which strips types where the tests transform them', async () => {
    const { stdout } = await promisify(execFile)('node', ['src/cli/main.ts', '--help'], { cwd: projectRoot });
    for (const command of commands) expect(stdout).toContain(command);
  });

  it.each(commands)('shows examples in the help of %s', async (command) => {
    const { code, stdout } = await run([command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`Examples:\\n {2}(\\S+=\\S+ )?forescale ${command}`));
  });

  it('answers a mistake in its usage with 2 and a hint, and no stack trace', async () => {
    for (const args of [
      ['no-such-command'],
      ['forecast', '--no-such-flag'],
      ['forecast'],
      ['demo', '--for', 'soon'],
    ]) {
      const { code, stderr } = await run(args);
      expect(code, args.join(' ')).toBe(2);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(stderr.length).toBeGreaterThan(20);
    }
  });
});
