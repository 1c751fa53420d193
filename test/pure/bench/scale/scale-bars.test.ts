import { expect, it } from 'vitest';
import { barRows } from '../../../../bench/scale/report/scale-bars.ts';
import { plannedRun, planRows } from '../../../../bench/scale/report/scale-plan.ts';
import type { ScaleRun } from '../../../../bench/scale/report/scale-report.ts';

const steady = { lagP99Seconds: 0, loopP99Ms: 1, loopMaxMs: 2 };
const refresh = { ...steady, cores: 0.02, instantQueriesPerSecond: 3, rangeQueriesPerSecond: 1 };
const asked = {
  callsPerSecond: 300,
  failed: 0,
  p50Ms: 1,
  p99Ms: 2,
  bareCores: 0.1,
  bareP50Ms: 1,
  bareP99Ms: 2,
};
const run: ScaleRun = {
  ...{ workloads: 1_000, shapes: 100, refresh },
  keda: { ...refresh, ...asked, cores: 0.2 },
  memory: { rssMiB: 512, peakMiB: 600 },
};
const calls = [
  { what: 'as it comes', together: 18 },
  { what: '`useCachedMetrics: true`', together: 9 },
].map((one) => ({ ...one, calls: { GetMetricSpec: 0, GetMetrics: 0, IsActive: 0, StreamIsActive: 0 } }));

it('says of each bar whether it is met, missed, or was not measured', () => {
  const report = { recorded: '', source: '', history: '', node: '', processor: '', cores: 2, runs: [run] };
  const found = (what: string, workloads: string) =>
    barRows(report)
      .find((row) => row[0] === what && row[1] === workloads)
      ?.slice(2);
  expect(found('cores while nobody asks', '1,000')).toEqual(['at most 0.03', '0.0200', 'met']);
  expect(found('memory (RSS)', '1,000')).toEqual(['at most 350 MiB', '512 MiB', '**missed**']);
  expect(found('memory (RSS)', '10,000')).toEqual(['at most 1740 MiB', 'not measured', '']);
});

it('plans with the largest size that answered what KEDA asked', () => {
  const larger = (failed: number): ScaleRun => ({
    ...run,
    workloads: 10_000,
    keda: { ...refresh, ...asked, cores: 0.9, callsPerSecond: 3_000, failed },
  });
  expect(plannedRun([run, larger(300)])?.workloads).toBe(10_000);
  expect(plannedRun([run, larger(301)])?.workloads).toBe(1_000);
  expect(plannedRun([])).toBeUndefined();
});

it('plans so many shards of the size that was measured', () => {
  const [, ...rows] = planRows(run, calls);
  expect(rows.at(-1)).toEqual([
    '1,000,000',
    '1,000',
    '200.0',
    '110.0',
    '400.0',
    '500.0 GiB',
    '4000',
    '150000',
  ]);
});
