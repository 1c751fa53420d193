import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoSummary } from '../../src/demo/run.ts';
import { eventually } from '../eventually.ts';
import { whyMissing } from '../real/real-programs.ts';
import { projectRoot } from '../repository/project-files.ts';

const missing = await whyMissing('prometheus');
const skipped = missing === undefined ? '' : ` (skipped: ${missing})`;

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

/** A shell's last breath is allowed: half a second after its program it is gone. */
async function nothingIsLeft(mark: string): Promise<void> {
  await eventually(
    async () => markedProcesses(mark),
    (left) => left.length === 0,
  );
}

describe.skipIf(missing !== undefined || process.platform !== 'linux')(`forescale demo${skipped}`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'forescale-e2e-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

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

  it('serves KEDA from scraped samples, ahead of the ramp, and ends with one line that says so', async () => {
    const { child, output, mark } = startDemo(['--for', '25s', '--json']);
    const [code] = await once(child, 'exit');
    expect(code, output.stderr).toBe(0);
    const summary = JSON.parse(output.stdout.trim().split('\n').at(-1) ?? '') as DemoSummary;
    const [fleet] = summary.fleets;
    expect(summary.errors).toEqual([]);
    expect(summary.polls).toBeGreaterThan(15);
    expect(summary.samplesScraped).toBeGreaterThan(1000);
    expect(summary.seasons).toContain('4m');
    expect(summary.forecast.status).toBe('ok');
    expect(fleet?.replicas.max).toBeGreaterThan(fleet?.replicas.min ?? Number.POSITIVE_INFINITY);
    expect(fleet?.scaleUps.aheadOfDemand).toBeGreaterThan(0);
    await nothingIsLeft(mark);
    expect(readdirSync(folder)).toEqual([]);
  }, 90_000);

  it('leaves no process and no file behind after Ctrl-C', async () => {
    const { child, output, mark } = startDemo(['--json']);
    const playing = new Promise<void>((resolve) => {
      child.stderr.on('data', () => output.stderr.includes('replicas') && resolve());
    });
    await Promise.race([playing, once(child, 'exit')]);
    expect(markedProcesses(mark).length).toBeGreaterThan(3);
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    expect(code, output.stderr).toBe(0);
    await nothingIsLeft(mark);
    expect(readdirSync(folder)).toEqual([]);
  }, 90_000);
});
