import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type FleetResult, formatLatency } from './report/result.ts';
import type { DemoSummary } from './report/summary.ts';

/**
 * Runs the demo once for each seed, one after the other, and prints the table of docs/demo.md:
 * `node demo/measure.ts --seeds 1,2,3,4,5`. The exit code is 1 when a run does not keep what that page promises.
 * `--record FILE` draws the first run.
 */
const promise = { leastReactiveShed: 50, mostShedRatio: 0.2, mostExtraPods: 0.1 } as const;

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

interface Row {
  readonly cells: readonly string[];
  readonly isKept: boolean;
}

async function runOnce(seed: string, args: readonly string[]): Promise<DemoSummary> {
  const child = spawn(process.execPath, [main, 'demo', '--seed', seed, '--json', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const [code] = await once(child, 'close');
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

const {
  values: { seeds, record },
} = parseArgs({
  options: { seeds: { type: 'string', default: '1,2,3,4,5' }, record: { type: 'string' } },
});
const rows: Row[] = [];
for (const [index, seed] of seeds.split(',').entries()) {
  const args = index === 0 && record !== undefined ? ['--record', record] : [];
  rows.push(rowOf(seed, await runOnce(seed, args)));
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
process.stdout.write(line(heading) + line(heading.map(() => '--:')));
for (const { cells } of rows) process.stdout.write(line(cells));
process.exitCode = rows.every(({ isKept }) => isKept) ? 0 : 1;
