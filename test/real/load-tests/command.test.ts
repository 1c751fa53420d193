import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ScriptName } from '../../../loadtests/lib/scripts.ts';
import { findProgram } from '../../../tools/programs/find-program.ts';
import { projectRoot } from '../../repository/project-files.ts';
import { skippedNote, whyMissing } from '../real-programs.ts';
import { runLoad } from './load-run.ts';

const missing = await whyMissing('k6');
const note = skippedNote(missing);

describe.skipIf(missing)(`the load tests at full length${note}`, () => {
  /** How k6 itself reads a script, without sending anything: seconds, most virtual users. */
  async function inspect(script: ScriptName, variables: Readonly<Record<string, string>> = {}) {
    const { path } = await findProgram('k6', process.env);
    const args = [
      'inspect',
      '--execution-requirements',
      '--include-system-env-vars',
      `loadtests/${script}.ts`,
    ];
    const env = { PATH: process.env['PATH'], ...variables };
    const printed = execFileSync(path, args, { cwd: projectRoot, encoding: 'utf8', env });
    return JSON.parse(printed) as { totalDuration: string; maxVUs: number };
  }

  it.each([
    // Five seconds more than it sends, for the last answers.
    ['smoke', '15s', 15],
    ['basic', '5m5s', 255],
    ['realistic', '28m5s', 260],
    ['spike', '4m5s', 255],
    ['soak', '1h0m5s', 105],
    ['api', '1m5s', 55],
    ['scaler', '1m5s', 255],
  ] as const)(
    '%s is what k6 takes it for: %s, at most %i requests at once',
    async (script, totalDuration, maxVUs) => {
      expect(await inspect(script)).toMatchObject({ totalDuration, maxVUs });
    },
  );

  it('ten weeks in real time are no longer than ten weeks', async () => {
    const tenWeeks = { LOAD_WEEK_SECONDS: '604800', LOAD_DAYS: '70', LOAD_GROWTH: '0.05' };
    expect(await inspect('realistic', tenWeeks)).toMatchObject({ totalDuration: '1680h0m5s' });
  });
});

describe('the command of the load tests', () => {
  it('tells k6 to report to nobody, where to write, and what the user adds', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'forescale-k6-'));
    const fake = join(folder, 'k6');
    // This stand-in for k6 prints version 2, and otherwise its arguments.
    const says = '[ "$1" = version ] && echo "k6 v2.2.0" || echo "$* $K6_PROMETHEUS_RW_SERVER_URL"';
    writeFileSync(fake, `#!/bin/sh\n${says}\n`, { mode: 0o755 });
    try {
      const { exitCode, output } = await runLoad('soak', {
        PATH: `${folder}:${process.env['PATH']}`,
        LOAD_PROMETHEUS: 'http://prometheus:9090/',
      });
      expect(exitCode, output).toBe(0);
      expect(output).toMatch(
        /^run --no-usage-report --tag script=soak --out experimental-prometheus-rw --quiet \S+\/loadtests\/soak\.ts http:\/\/prometheus:9090\/api\/v1\/write\n/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['', {}, /^SCRIPT is not set\n\nUsage: make load SCRIPT=name.*realistic.*LOAD_WEEK_SECONDS/s],
    ['realistc', {}, /^SCRIPT is "realistc", which is no load test; did you mean realistic\?\n\nUsage/],
    [
      'basic',
      { LOAD_SECONDS: 'x', LOAD_PEEK_RPS: '3', K6_VUS: '3', LOAD_PROMETHEUS: 'prom' },
      /^LOAD_SECONDS is "x" but must be .*\nLOAD_PEEK_RPS is no variable .* LOAD_PEAK_RPS\?\nK6_VUS would replace .* use LOAD_PEAK_RPS\nLOAD_PROMETHEUS is "prom" but must be .*\n$/,
    ],
  ])('refuses "%s" with %j before anything is sent', async (script, variables, message) => {
    const { exitCode, output } = await runLoad(script, { LOAD_SUMMARY_DIR: '/nowhere', ...variables });
    expect(exitCode).toBe(2);
    expect(output).toMatch(message);
  });
});
