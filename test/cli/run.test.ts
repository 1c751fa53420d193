import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../repository/project-files.ts';
import { runCommand } from './run-command.ts';

const commands = ['serve', 'forecast', 'backtest', 'seed', 'keda-sim', 'demo'];

describe('the command line', () => {
  it('starts under plain node, which strips types where the tests transform them', async () => {
    const { stdout } = await promisify(execFile)('node', ['src/cli/main.ts', '--help'], { cwd: projectRoot });
    for (const command of commands) expect(stdout).toContain(command);
  });

  it.each(commands)('shows examples in the help of %s', async (command) => {
    const { code, stdout } = await runCommand([command, '--help']);
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
      const { code, stderr } = await runCommand(args);
      expect(code, args.join(' ')).toBe(2);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(stderr.length).toBeGreaterThan(20);
    }
  });
});
