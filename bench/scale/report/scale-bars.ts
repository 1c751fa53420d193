import { ratio } from '../../report/report.ts';
import type { ScaleReport, ScaleRun } from './scale-report.ts';

/** What is wanted of a server with so many workloads. */
interface Bar {
  readonly what: string;
  readonly workloads: number;
  readonly wanted: { readonly least: number } | { readonly most: number };
  readonly unit: string;
  readonly digits: number;
  readonly of: (run: ScaleRun) => number | undefined;
}

const mebibytes = ({ memory }: ScaleRun) => memory.rssMiB;
const queries = ({ refresh }: ScaleRun) =>
  refresh && refresh.instantQueriesPerSecond + refresh.rangeQueriesPerSecond;

const bars: readonly Bar[] = [
  {
    what: 'CPU of a GetMetrics, bare ÷ ours',
    workloads: 1_000,
    wanted: { least: 0.8 },
    unit: '',
    digits: 2,
    of: ({ calls }) => calls?.GetMetrics.ratio,
  },
  {
    what: 'CPU of an IsActive, bare ÷ ours',
    workloads: 1_000,
    wanted: { least: 0.8 },
    unit: '',
    digits: 2,
    of: ({ calls }) => calls?.IsActive.ratio,
  },
  {
    what: 'p99 of GetMetrics at 200 a second, ours ÷ bare',
    workloads: 1_000,
    wanted: { most: 1.5 },
    unit: '',
    digits: 2,
    of: ({ rate }) => rate?.p99Ratio,
  },
  {
    what: 'cores while nobody asks',
    workloads: 1_000,
    wanted: { most: 0.03 },
    unit: '',
    digits: 4,
    of: ({ refresh }) => refresh?.cores,
  },
  {
    what: 'cores while nobody asks',
    workloads: 10_000,
    wanted: { most: 0.3 },
    unit: '',
    digits: 4,
    of: ({ refresh }) => refresh?.cores,
  },
  { what: 'memory (RSS)', workloads: 1_000, wanted: { most: 350 }, unit: ' MiB', digits: 0, of: mebibytes },
  {
    what: 'memory (RSS)',
    workloads: 10_000,
    wanted: { most: 1_740 },
    unit: ' MiB',
    digits: 0,
    of: mebibytes,
  },
  {
    what: 'observations later than the interval, p99',
    workloads: 1_000,
    wanted: { most: 10 },
    unit: ' s',
    digits: 2,
    of: ({ keda }) => keda?.lagP99Seconds,
  },
  {
    what: 'event loop late while KEDA asks, p99',
    workloads: 1_000,
    wanted: { most: 25 },
    unit: ' ms',
    digits: 1,
    of: ({ keda }) => keda?.loopP99Ms,
  },
  {
    what: 'event loop late while it starts, p99',
    workloads: 1_000,
    wanted: { most: 25 },
    unit: ' ms',
    digits: 1,
    of: ({ start }) => start?.loopP99Ms,
  },
  {
    what: 'CPU of a start',
    workloads: 1_000,
    wanted: { most: 90 },
    unit: ' s',
    digits: 1,
    of: ({ start }) => start?.cpuSeconds,
  },
  {
    what: 'CPU of a restart',
    workloads: 1_000,
    wanted: { most: 5 },
    unit: ' s',
    digits: 1,
    of: ({ restart }) => restart?.cpuSeconds,
  },
  {
    what: 'longest block while /metrics is written',
    workloads: 10_000,
    wanted: { most: 25 },
    unit: ' ms',
    digits: 1,
    of: ({ metrics }) => metrics?.longestBlockMs,
  },
  {
    what: 'queries of the source a second',
    workloads: 10_000,
    wanted: { most: 30 },
    unit: '',
    digits: 1,
    of: queries,
  },
];

/** Each bar, what was measured, and whether it is met; one whose number of workloads was not measured says so. */
export function barRows({ runs }: ScaleReport): readonly (readonly string[])[] {
  const heading = ['bar', 'workloads', 'wanted', 'measured', ''];
  return [
    heading,
    ...bars.map(({ what, workloads, wanted, unit, digits, of }) => {
      const run = runs.find((one) => one.workloads === workloads);
      const measured = run && of(run);
      const limit = 'least' in wanted ? wanted.least : wanted.most;
      const isMet = measured !== undefined && ('least' in wanted ? measured >= limit : measured <= limit);
      return [
        what,
        workloads.toLocaleString('en-US'),
        `${'least' in wanted ? 'at least' : 'at most'} ${limit}${unit}`,
        measured === undefined ? 'not measured' : `${ratio(measured, digits)}${unit}`,
        measured === undefined ? '' : isMet ? 'met' : '**missed**',
      ];
    }),
  ];
}
