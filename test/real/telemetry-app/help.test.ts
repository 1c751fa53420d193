import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settings } from '../../../src/telemetry-app/environment.ts';
import { helpText } from '../../../src/telemetry-app/help.ts';

const main = resolve(import.meta.dirname, '../../../src/telemetry-app/main.ts');

/** What the app says to arguments; one that starts instead is ended. */
function sayTo(...args: readonly string[]) {
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((said) => {
    execFile(process.execPath, [main, ...args], { timeout: 120_000 }, (error, stdout, stderr) =>
      said({ code: error?.code ?? (error === null ? 0 : null), stdout, stderr }),
    );
  });
}

describe('an app that is started by hand', () => {
  it('explains every variable with --help', async () => {
    const { code, stdout, stderr } = await sayTo('--help');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(helpText());
    for (const { name, meaning } of Object.values(settings)) {
      expect(stdout).toContain(`\n  ${name}`);
      expect(stdout).toContain(meaning);
    }
    expect(stdout).toContain('APP_PORT=8000\n');
  });

  it('starts not with arguments it does not know, and says where to look', async () => {
    const { code, stdout, stderr } = await sayTo('--port', '8001');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      '--port 8001: the app takes no arguments; its environment sets it up, and --help lists it\n',
    );
  });
});
