import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Report } from '../../../loadtests/lib/report.ts';
import type { ScriptName } from '../../../loadtests/lib/scripts.ts';
import { within } from '../../../src/platform/deadline.ts';
import { projectRoot } from '../../repository/project-files.ts';

/** A run takes seconds; one that takes this long hangs. */
const deadlineMs = 180_000;

export interface LoadRun {
  readonly exitCode: number | null;
  /** Output of the run, stdout and stderr together. */
  readonly output: string;
  /** Files of the summary as written; empty where there are none. */
  readonly report: Report;
  readonly junit: string;
  readonly html: string;
}

export interface RunningLoad {
  /** Output so far, stdout and stderr together. */
  output(): string;
  /** Process id of the launcher, which leads a group of its own, as under a shell. */
  readonly pid: number;
  readonly ended: Promise<LoadRun>;
}

/** Starts a load test as `make load` does, short, with a folder of its own for the summary. */
export function startLoad(
  script: ScriptName | string,
  variables: Readonly<Record<string, string>>,
): RunningLoad {
  const folder = mkdtempSync(join(tmpdir(), 'forescale-load-'));
  const child = spawn(process.execPath, ['tools/load.ts', script, '--quiet'], {
    cwd: projectRoot,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      LOAD_SHORT: '1',
      // Two cores that are busy with other suites: whether the rules work is what is tested, not this machine.
      LOAD_MAX_P95_MS: '5000',
      LOAD_SUMMARY_DIR: join(folder, 'summary'),
      ...variables,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const read = (extension: string) => {
    const file = join(folder, 'summary', `${script}.${extension}`);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  const finish = async (): Promise<LoadRun> => {
    try {
      const [exitCode] = (await within(deadlineMs, once(child, 'close'), {
        error: () => new Error(`${script} did not end`),
      })) as [number | null];
      const report = JSON.parse(read('json') || '{}') as Report;
      return { exitCode, output, report, junit: read('junit.xml'), html: read('html') };
    } finally {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      rmSync(folder, { recursive: true });
    }
  };
  return { output: () => output, pid: child.pid ?? Number.NaN, ended: finish() };
}

/** Runs a load test as `make load` does, short, to its end. */
export function runLoad(
  script: ScriptName | string,
  variables: Readonly<Record<string, string>> = {},
): Promise<LoadRun> {
  return startLoad(script, variables).ended;
}

/** A run that broke no rule, in everything it wrote. */
export function expectPassed({ exitCode, output, report, junit, html }: LoadRun): void {
  expect(exitCode, output).toBe(0);
  expect(report.passed, output).toBe(true);
  expect(report.rules.length).toBeGreaterThan(2);
  expect(report.checks.length).toBeGreaterThan(0);
  expect(report.checks.filter(({ passes, fails }) => passes === 0 || fails > 0)).toEqual([]);
  expect(junit).toMatch(/<testsuites tests="\d+" failures="0"/);
  expect(html).toMatch(/<title>\w+: passed<\/title>/);
  expect(output).toMatch(/\w+: passed after/);
}
