import { ratio, type Section } from '../../report/report.ts';
import type { KedaCost, ScaleReport, ScaleRun } from './scale-report.ts';

/** A row of the table: what it is, what is wanted of it, and its cell for a run. */
interface Row {
  readonly what: string;
  readonly cell: (run: ScaleRun) => string;
}

const ms = (value: number | undefined) => `${ratio(value, 1)} ms`;

/** How many calls failed, and with which statuses where that is on record. */
function failedWords(keda: KedaCost | undefined): string {
  if (keda === undefined) return '–';
  const { failed, failures = {} } = keda;
  const statuses = Object.entries(failures).map(([name, count]) => `${count} ${name}`);
  return statuses.length === 0 ? String(failed) : statuses.join(', ');
}

/** What every part measured, a column for each number of workloads. */
const rows: readonly Row[] = [
  { what: 'cores, nobody asks', cell: ({ refresh }) => ratio(refresh?.cores, 4) },
  { what: 'cores, KEDA asks', cell: ({ keda }) => ratio(keda?.cores, 3) },
  { what: 'of which a bare grpc-js server uses', cell: ({ keda }) => ratio(keda?.bareCores, 3) },
  {
    what: 'CPU a workload and minute, KEDA asks',
    cell: ({ keda, workloads }) => ms(keda === undefined ? undefined : (60_000 * keda.cores) / workloads),
  },
  { what: 'calls per second of KEDA', cell: ({ keda }) => ratio(keda?.callsPerSecond, 0) },
  { what: 'of which failed, in all', cell: ({ keda }) => failedWords(keda) },
  {
    what: 'GetMetrics meanwhile, p50 / p99',
    cell: ({ keda }) => `${ratio(keda?.p50Ms, 1)} / ${ms(keda?.p99Ms)}`,
  },
  {
    what: 'of a bare grpc-js server',
    cell: ({ keda }) => `${ratio(keda?.bareP50Ms, 1)} / ${ms(keda?.bareP99Ms)}`,
  },
  {
    what: 'CPU of a GetMetrics, ours / bare',
    cell: ({ calls }) => callCell(calls?.GetMetrics),
  },
  {
    what: 'bare ÷ ours, quartiles',
    cell: ({ calls }) => ratioCell(calls?.GetMetrics),
  },
  { what: 'CPU of an IsActive, ours / bare', cell: ({ calls }) => callCell(calls?.IsActive) },
  { what: 'bare ÷ ours, quartiles', cell: ({ calls }) => ratioCell(calls?.IsActive) },
  {
    what: 'GetMetrics at 200 a second, p50 / p99',
    cell: ({ rate }) => `${ratio(rate?.p50Ms, 1)} / ${ms(rate?.p99Ms)}`,
  },
  {
    what: 'of a bare grpc-js server',
    cell: ({ rate }) => `${ratio(rate?.bareP50Ms, 1)} / ${ms(rate?.bareP99Ms)}`,
  },
  { what: 'p99 ours ÷ bare', cell: ({ rate }) => ratio(rate?.p99Ratio) },
  {
    what: 'queries per second: observed / history',
    cell: ({ refresh }) =>
      `${ratio(refresh?.instantQueriesPerSecond, 1)} / ${ratio(refresh?.rangeQueriesPerSecond, 1)}`,
  },
  {
    what: 'observations later than the interval, p99',
    cell: ({ keda }) => `${ratio(keda?.lagP99Seconds, 2)} s`,
  },
  {
    what: 'event loop late, p99 / most',
    cell: ({ keda }) => `${ratio(keda?.loopP99Ms, 1)} / ${ms(keda?.loopMaxMs)}`,
  },
  { what: 'memory (RSS)', cell: ({ memory }) => `${ratio(memory.rssMiB, 0)} MiB` },
  {
    what: '/metrics: size, series a workload',
    cell: ({ metrics }) =>
      `${ratio(metrics && metrics.bytes / 2 ** 20, 1)} MiB, ${ratio(metrics?.seriesPerWorkload, 0)}`,
  },
  {
    what: '/metrics: CPU, longest block',
    cell: ({ metrics }) => `${ratio(metrics?.cpuSeconds)} s, ${ms(metrics?.longestBlockMs)}`,
  },
  { what: '/metrics: memory above', cell: ({ metrics }) => `${ratio(metrics?.extraPeakMiB, 0)} MiB` },
  ...startRows('start', ({ start }) => start),
  ...startRows('restart', ({ restart }) => restart),
];

function startRows(what: string, of: (run: ScaleRun) => ScaleRun['start']): Row[] {
  return [
    {
      what: `${what}: CPU, a workload`,
      cell: (run) => {
        const cpuSeconds = of(run)?.cpuSeconds;
        return `${ratio(cpuSeconds, 1)} s, ${ms(cpuSeconds && (1000 * cpuSeconds) / run.workloads)}`;
      },
    },
    { what: `${what}: time until all have forecasts`, cell: (run) => `${ratio(of(run)?.seconds, 0)} s` },
    {
      what: `${what}: event loop late, p99 / most`,
      cell: (run) => `${ratio(of(run)?.loopP99Ms, 1)} / ${ms(of(run)?.loopMaxMs)}`,
    },
    { what: `${what}: memory at most`, cell: (run) => `${ratio(of(run)?.peakMiB, 0)} MiB` },
  ];
}

function callCell(
  cost: { readonly microseconds: number; readonly bareMicroseconds: number } | undefined,
): string {
  return `${ratio(cost?.microseconds, 0)} / ${ratio(cost?.bareMicroseconds, 0)} µs`;
}

function ratioCell(
  cost: { readonly ratio: number; readonly ratioQuartiles: readonly [number, number] } | undefined,
): string {
  const [low, high] = cost?.ratioQuartiles ?? [];
  return `${ratio(cost?.ratio)} [${ratio(low)}–${ratio(high)}]`;
}

/** What every part measured, a column with its heading for each run. */
export function costRows(
  corner: string,
  runs: ReadonlyMap<string, ScaleRun>,
): readonly (readonly string[])[] {
  return [[corner, ...runs.keys()], ...rows.map(({ what, cell }) => [what, ...[...runs.values()].map(cell)])];
}

/** The report as tables. */
export function scaleSections(report: ScaleReport): Section[] {
  const { recorded, node, processor, cores, source, history, runs } = report;
  return [
    {
      title: 'One server and its workloads',
      notes: [
        `Measured on ${recorded}: Node ${node}, ${cores} cores of ${processor}, shared with client and source. Source: ${source}; history: ${history}.`,
      ],
      rows: costRows('workloads', new Map(runs.map((run) => [String(run.workloads), run]))),
    },
  ];
}
