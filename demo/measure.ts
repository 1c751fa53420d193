import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CommandIo } from '../src/cli/command-io.ts';
import type { FlagReading, FlagTable } from '../src/cli/flags.ts';
import { ownCommand, runAlone } from '../src/cli/own-program.ts';
import { list, someText, whole } from '../src/platform/setting-values.ts';
import { type FleetResult, formatLatency } from './report/result.ts';
import type { DemoSummary } from './report/summary.ts';

const flags = {
  seeds: {
    value: 'list',
    meaning: 'seeds of the runs',
    default: '1,2,3,4,5',
    ...list(whole({ from: 0, to: 4_294_967_295 })),
  },
  record: { value: 'file', meaning: 'draw the first run there, as an SVG', ...someText },
} as const satisfies FlagTable;

const promise = { leastReactiveShed: 50, mostShedRatio: 0.2, mostExtraPods: 0.1 } as const;

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

interface Row {
  readonly cells: readonly string[];
  readonly isKept: boolean;
}

async function runOnce(
  seed: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<DemoSummary> {
  signal?.throwIfAborted();
  const child = spawn(process.execPath, [main, 'demo', '--seed', seed, '--json', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // A terminal's Ctrl-C would be its second one, which ends it at once.
    detached: true,
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  // The demo ends in order what it started, and this process waits for it.
  const interrupt = () => child.kill('SIGINT');
  signal?.addEventListener('abort', interrupt, { once: true });
  const [code] = await once(child, 'close');
  signal?.removeEventListener('abort', interrupt);
  signal?.throwIfAborted();
  // A run that does not count has its line too; the table says why it is not kept.
  if (stdout.trim() === '') throw new Error(`forescale demo --seed ${seed} ended with ${code}`);
  return JSON.parse(stdout) as DemoSummary;
}

function rowOf(seed: string, { fleets, machine, errors }: DemoSummary): Row {
  const of = (name: string): FleetResult => {
    const fleet = fleets.find((one) => one.name === name);
    if (fleet === undefined) throw new Error(`the demo has no fleet ${name}`);
    return fleet;
  };
  const [reactive, forescale] = [of('reactive'), of('forescale')];
  const extraPods = forescale.podMinutes / reactive.podMinutes - 1;
  const isKept =
    errors.length === 0 &&
    reactive.shed >= promise.leastReactiveShed &&
    forescale.shed <= promise.mostShedRatio * reactive.shed &&
    extraPods <= promise.mostExtraPods;
  const cells = [
    seed,
    String(reactive.requests),
    ...[reactive, forescale].flatMap(({ shed, p95Ms, podMinutes }) => [
      String(shed),
      formatLatency(p95Ms),
      podMinutes.toFixed(1),
    ]),
    `${(100 * extraPods).toFixed(1)} %`,
    `${machine.eventLoopP99Ms.toFixed(0)} ms`,
    isKept ? 'yes' : `no ${errors.join('; ')}`.trim(),
  ];
  return { cells, isKept };
}

const heading = [
  'seed',
  'requests to each',
  'reactive: shed',
  'p95',
  'pod-minutes',
  'Forescale: shed',
  'p95',
  'pod-minutes',
  'more pods',
  'loop late, p99',
  'kept',
];

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;

async function run({ values: { seeds, record } }: FlagReading<typeof flags>, io: CommandIo): Promise<void> {
  const rows: Row[] = [];
  for (const [index, seed] of seeds.entries()) {
    const args = index === 0 && record !== undefined ? ['--record', record] : [];
    rows.push(rowOf(String(seed), await runOnce(String(seed), args, io.signal)));
  }
  io.stdout(line(heading) + line(heading.map(() => '--:')));
  for (const { cells } of rows) io.stdout(line(cells));
  if (!rows.every(({ isKept }) => isKept)) throw new Error('a run does not keep what docs/demo.md promises');
}

await runAlone(
  ownCommand({
    name: 'measure',
    description: 'run the demo once for each seed, one after the other, and print the table of docs/demo.md',
    flags,
    notes: 'The exit code is 1 where a run does not keep what that page promises.',
    examples: [
      'npm exec -c "node demo/measure.ts --seeds 1,2,3,4,5"',
      "npm exec -c 'node demo/measure.ts --record docs/images/demo.svg'",
    ],
    act: run,
  }),
);
