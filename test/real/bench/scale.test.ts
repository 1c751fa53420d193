import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { ScaleReport } from '../../../bench/scale/report/scale-report.ts';

it('measures a server with some workloads beside a bare one, and ends all that it started', {
  timeout: 120_000,
}, async () => {
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
});
