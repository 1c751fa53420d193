import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoSummary } from '../../../demo/report/summary.ts';
import { projectRoot } from '../../repository/project-files.ts';
import { eventually } from '../../support/eventually.ts';
import { longFormNote, whyNoLongForm } from '../../support/long-form.ts';
import { skippedNote, whyMissing } from '../real-programs.ts';

const missing = await whyMissing('prometheus');
const skipped = skippedNote(missing);

/** Processes whose environment carries the mark: the demo's, and whatever it started. Linux only. */
function markedProcesses(mark: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark);
    } catch {
      return false;
    }
  });
}

/** Waits until no marked process is left, because a shell ends up to half a second after its program. */
async function nothingIsLeft(mark: string): Promise<void> {
  await eventually(
    async () => markedProcesses(mark),
    (left) => left.length === 0,
  );
}

describe.skipIf(missing !== undefined || process.platform !== 'linux')(`forescale demo${skipped}`, () => {
  let folder: string;
  let pictures: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'forescale-e2e-'));
    pictures = mkdtempSync(join(tmpdir(), 'forescale-e2e-pictures-'));
  });
  afterAll(() => {
    for (const made of [folder, pictures]) rmSync(made, { recursive: true, force: true });
  });

  function startDemo(args: readonly string[]) {
    const mark = `FORESCALE_MARK=${args.join('')}${process.pid}`;
    const [name = '', value = ''] = mark.split('=');
    const child = spawn('node', ['src/cli/main.ts', 'demo', ...args], {
      cwd: projectRoot,
      env: { ...process.env, TMPDIR: folder, [name]: value },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    return { child, output, mark };
  }

  it('sends both fleets the same, scales one of them ahead of the ramp, and ends with one line that says so', async () => {
    const [picture, report] = [join(pictures, 'demo.svg'), join(pictures, 'demo.html')] as const;
    const { child, output, mark } = startDemo([
      '--for',
      '20s',
      '--json',
      '--record',
      picture,
      '--report',
      report,
    ]);
    const [code] = await once(child, 'close');
    const summary = JSON.parse(output.stdout.trim().split('\n').at(-1) ?? '') as DemoSummary;
    // A machine that is busy with other suites says so, and its exit code too.
    expect(code, output.stderr).toBe(summary.withheld === null ? 0 : 3);
    expect(output.stderr).toMatch(/the simulated day begins in|Tue 05:/);
    expect(output.stderr).toContain(`report: ${report}`);
    const [forescale, reactive] = summary.fleets;
    // Nothing else may go wrong.
    expect(summary.errors.filter((error) => !error.includes('this machine was too busy'))).toEqual([]);
    expect(summary.polls).toBeGreaterThan(30);
    expect(summary.samplesScraped).toBeGreaterThan(1000);
    expect(summary.seasons).toContain('4m');
    expect(summary.forecast.status).toBe('ok');
    expect(summary.fleets.map(({ name }) => name)).toEqual(['forescale', 'reactive']);
    expect(forescale?.requests).toBeGreaterThan(100);
    expect(reactive?.requests).toBe(forescale?.requests);
    for (const fleet of summary.fleets) {
      expect(fleet.p95Ms).toBeGreaterThan(0);
      expect(fleet.podMinutes).toBeGreaterThan(0.3);
      expect(fleet.shed).toBeGreaterThanOrEqual(0);
      expect(fleet.shed).toBeLessThan(fleet.requests);
    }
    const page = readFileSync(report, 'utf8');
    // A machine that is too busy scales late.
    if (summary.withheld === null) {
      expect(forescale?.replicas.max).toBeGreaterThan(forescale?.replicas.min ?? Number.POSITIVE_INFINITY);
      // What starts a pod waits for a core where twice as many processes want one: the comparison is made, and pods may be late.
      expect(forescale?.scaleUps.askedAhead).toBeGreaterThan(0);
      const { loadAverage, cores } = summary.machine;
      if (loadAverage < 2 * cores) expect(forescale?.scaleUps.aheadOfDemand).toBeGreaterThan(0);
      expect(summary.verdict).toMatch(
        /^reactive: \d+ requests shed, p95 .+; Forescale: \d+, .+ pod-minutes$/,
      );
      expect(summary.money).toMatch(/^At 0\.05 per replica-hour: reactive [\d.]+, Forescale [\d.]+; /);
      expect(readFileSync(picture, 'utf8')).toContain(summary.verdict);
      expect(page).toContain(summary.verdict);
    } else {
      expect([summary.verdict, summary.money]).toEqual([null, null]);
      expect(page).toContain('The comparison is withheld');
    }
    await nothingIsLeft(mark);
    expect(readdirSync(folder)).toEqual([]);
  }, 420_000);

  /** Ctrl-C: once the demo has said so, so many times, and what it ends with. */
  interface Ending {
    readonly when: string;
    readonly at: string;
    readonly times: number;
    readonly exitCode: number;
  }
  const whileStarting: readonly Ending[] = [
    // Early, so that no model is taught for it; both fleets run by then, and Prometheus is on its way.
    { when: 'while it starts', at: 'starting Prometheus', times: 1, exitCode: 1 },
    { when: 'twice', at: 'starting Prometheus', times: 2, exitCode: 130 },
  ];
  const leavesNothing = async ({ when, at, times, exitCode }: Ending) => {
    // The seed is the mark of its own of each of them.
    const { child, output, mark } = startDemo([
      '--json',
      '--seed',
      String(when.length),
      '--report',
      join(pictures, 'ended.html'),
    ]);
    const exited = once(child, 'close');
    const reached = new Promise<void>((resolve) => {
      child.stderr.on('data', () => output.stderr.includes(at) && resolve());
    });
    await Promise.race([reached, exited]);
    expect(markedProcesses(mark).length).toBeGreaterThan(3);
    child.kill('SIGINT');
    if (times > 1) {
      // Two signals at once would be one.
      const ending = () => output.stderr;
      await eventually(ending, (said) => said.includes('ending what was started'));
      child.kill('SIGINT');
    }
    const [code] = await exited;
    expect(code, output.stderr).toBe(exitCode);
    await nothingIsLeft(mark);
    await eventually(
      () => readdirSync(folder),
      (files) => files.length === 0,
    );
  };
  const name = 'leaves no process and no file behind after Ctrl-C $when';
  const playing: Ending = { when: 'while it plays', at: 'replicas', times: 1, exitCode: 0 };
  it.each([playing])(name, leavesNothing, 420_000);
  it.skipIf(whyNoLongForm).each(whileStarting)(`${name}${longFormNote}`, leavesNothing, 420_000);
});
