import { ratio } from '../../report/report.ts';
import type { CallsPerMinute } from './keda-calls.ts';
import type { ScaleRun } from './scale-report.ts';

/** Numbers of workloads that are planned for. */
const planned = [10_000, 100_000, 1_000_000];
/** A busy shard has as much again for a peak, a refresh that comes late, or the workloads of a neighbour. */
const headroom = 2;

/** Calls of KEDA that may fail in a minute of them, of those of one second, for a size that is planned with. */
const mostFailedRatio = 0.1;

/** The largest size that was measured and answered KEDA's calls: who plans with more plans with calls that fail. */
export function plannedRun(runs: readonly ScaleRun[]): ScaleRun | undefined {
  return runs
    .filter(({ keda }) => (keda?.failed ?? 0) <= mostFailedRatio * (keda?.callsPerSecond ?? 0))
    .toSorted((a, b) => b.workloads - a.workloads)[0];
}

/**
 * What so many workloads cost by shards of the largest size that was measured. A shard costs what it cost there; what KEDA calls is the
 * part of it that settings change. A shard larger than that was not measured, so that none is planned.
 */
export function planRows(run: ScaleRun, calls: readonly CallsPerMinute[]): readonly (readonly string[])[] {
  const heading = [
    'workloads',
    'shards',
    'cores used',
    'cores used, KEDA cached',
    'cores to have',
    'memory',
    'queries a second',
    'calls a second, KEDA cached',
  ];
  const [usual, cached] = ['as it comes', '`useCachedMetrics: true`'].map(
    (wanted) => calls.find(({ what }) => what === wanted)?.together ?? Number.NaN,
  );
  const idle = run.refresh?.cores ?? Number.NaN;
  const asked = run.keda?.cores ?? Number.NaN;
  const asCached = idle + ((asked - idle) * (cached ?? Number.NaN)) / (usual ?? Number.NaN);
  const { refresh } = run;
  const queries = (refresh?.instantQueriesPerSecond ?? Number.NaN) + (refresh?.rangeQueriesPerSecond ?? 0);
  const rows = planned.map((workloads) => {
    const shards = Math.ceil(workloads / run.workloads);
    return [
      workloads.toLocaleString('en-US'),
      shards.toLocaleString('en-US'),
      ratio(shards * asked, 1),
      ratio(shards * asCached, 1),
      ratio(headroom * shards * asked, 1),
      `${ratio((shards * run.memory.rssMiB) / 1024, 1)} GiB`,
      ratio(shards * queries, 0),
      ratio((workloads * (cached ?? Number.NaN)) / 60, 0),
    ];
  });
  return [heading, ...rows];
}
