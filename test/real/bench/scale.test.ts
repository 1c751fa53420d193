import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { ScaleReport } from '../../../bench/scale/report/scale-report.ts';
import { isLongForm, longFormNote } from '../../support/long-form.ts';

it.skipIf(!isLongForm)(
  `measures a server with some workloads beside a bare one, and ends all that it started${longFormNote}`,
  {
    timeout: 120_000,
  },
  async () => {
    const parts = ['--parts', 'keda,calls,metrics', '--for', '1s', '--rounds', '1'];
    const few = ['--workloads', '3', '--history', '2h', '--start-limit', '1s'];
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...['bench/scale/main.ts', ...few, ...parts, '--json'],
    ]);
    const { runs } = JSON.parse(stdout) as ScaleReport;
    const [{ workloads, shapes, keda, calls, metrics, start, restart } = { workloads: 0, shapes: 0 }] = runs;
    expect([workloads, shapes, restart]).toEqual([3, 3, undefined]);
    expect(keda?.failed).toBe(0);
    expect(keda?.cores).toBeGreaterThan(0);
    expect(calls?.GetMetrics.bareMicroseconds).toBeGreaterThan(0);
    expect(calls?.IsActive.microseconds).toBeGreaterThan(0);
    expect(metrics?.seriesPerWorkload).toBeGreaterThan(5);
    expect(start?.cpuSeconds).toBeGreaterThan(0);
  },
);

it('ends all that it started, and leaves no file, at the first Ctrl-C', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'forescale-test-'));
  try {
    const long = ['--workloads', '3', '--history', '2h', '--parts', 'refresh', '--for', '1h'];
    const bench = spawn(process.execPath, ['bench/scale/main.ts', ...long], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(bench, 'exit');
    for await (const line of createInterface(bench.stderr)) if (line.includes('of 3 warm')) break;
    expect(await readdir(folder)).not.toEqual([]);
    bench.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
