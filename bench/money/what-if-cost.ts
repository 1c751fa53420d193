import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { CommandIo } from '../../src/cli/command-io.ts';
import type { FlagReading, FlagTable } from '../../src/cli/flags.ts';
import { ownCommand, runAlone } from '../../src/cli/own-program.ts';
import { createRandom } from '../../src/load-shapes/index.ts';
import { whole } from '../../src/platform/setting-values.ts';

const execute = promisify(execFile);

const flags = {
  runs: { value: 'count', meaning: 'runs of each case', default: '3', ...whole({ from: 1 }) },
} as const satisfies FlagTable;

const cases = [
  { what: 'Forescale alone', policies: ['--policy', 'forescale'], mostSeconds: 2 },
  { what: 'the reactive rule alone', policies: ['--policy', 'reactive'], mostSeconds: 2 },
  { what: 'all policies', policies: [], mostSeconds: 10 },
] as const;

/** What it prints at most. */
const mostBytes = 16 * 2 ** 20;
const minutes = 28 * 1440;
const firstSeconds = 1_704_067_200;

/** Similar days with noise, lower at weekends. */
function history(): string {
  const random = createRandom(1);
  const rows = Array.from({ length: minutes }, (_, minute) => {
    const isWeekend = Math.floor(minute / 1440) % 7 > 4;
    const level = (isWeekend ? 120 : 200) + 120 * Math.sin((2 * Math.PI * minute) / 1440);
    return `${firstSeconds + 60 * (minute + 1)},${Math.max(0, level * (0.9 + 0.2 * random())).toFixed(3)}`;
  });
  return `timestamp,value\n${rows.join('\n')}\n`;
}

const command = fileURLToPath(new URL('../../bin/forescale.js', import.meta.url));
/** Has the command write the CPU time of its threads, in microseconds, as the last line of stderr. */
const meter = `data:text/javascript,${encodeURIComponent(
  `process.on('exit', () => { const { user, system } = process.cpuUsage(); process.stderr.write('\\n' + (user + system)); });`,
)}`;

async function cpuSeconds(
  csv: string,
  policies: readonly string[],
  signal: AbortSignal | undefined,
): Promise<number> {
  const args = ['--import', meter, command, 'what-if', '--csv', csv, '--target', '10', '--json', ...policies];
  signal?.throwIfAborted();
  const running = execute(process.execPath, args, { maxBuffer: mostBytes });
  // The command would end in order, seconds later, and has nothing to put in order.
  const end = () => running.child.kill('SIGKILL');
  signal?.addEventListener('abort', end, { once: true });
  try {
    const { stderr } = await running;
    return Number(stderr.trim().split('\n').at(-1)) / 1e6;
  } finally {
    signal?.removeEventListener('abort', end);
  }
}

async function run({ values: { runs } }: FlagReading<typeof flags>, io: CommandIo): Promise<void> {
  const { signal } = io;
  const folder = await mkdtemp(join(tmpdir(), 'forescale-bench-'));
  try {
    const csv = join(folder, 'history.csv');
    await writeFile(csv, history());
    const missed: string[] = [];
    for (const { what, policies, mostSeconds } of cases) {
      let least = Number.POSITIVE_INFINITY;
      for (let i = 0; i < runs; i++) least = Math.min(least, await cpuSeconds(csv, policies, signal));
      io.stdout(`${what}: ${least.toFixed(2)} s of CPU, at most ${mostSeconds} s\n`);
      if (!(least <= mostSeconds)) missed.push(what);
    }
    if (missed.length > 0) throw new Error(`the bar is missed of ${missed.join(', ')}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

await runAlone(
  ownCommand({
    name: 'bench-what-if',
    description: 'print the CPU time of `forescale what-if` on four weeks of rows a minute apart',
    flags,
    notes: `The start of the program, the reading of the CSV file, compiler and collector are included. The least of some runs counts, because other
work on the machine only adds to it. The exit code is 1 where a bar is missed.`,
    examples: ['npm run bench-what-if', 'npm run bench-what-if -- --runs 1'],
    act: run,
  }),
);
