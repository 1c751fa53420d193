import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom } from '../../src/load-shapes/index.ts';

/**
 * `npm run bench-what-if` prints the CPU time of `forescale what-if` on four weeks of rows a minute apart: the start of the program,
 * the reading of the CSV file, compiler and collector included. The least of some runs counts, because other work on the machine
 * only adds to it. The exit code is 1 where a bar is missed.
 */
const runs = 3;
const cases = [
  { what: 'Forescale alone', flags: ['--policy', 'forescale'], mostSeconds: 2 },
  { what: 'the reactive rule alone', flags: ['--policy', 'reactive'], mostSeconds: 2 },
  { what: 'all policies', flags: [], mostSeconds: 10 },
] as const;

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

function cpuSeconds(csv: string, flags: readonly string[]): number {
  const args = ['--import', meter, command, 'what-if', '--csv', csv, '--target', '10', '--json', ...flags];
  const { status, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) throw new Error(stderr);
  return Number(stderr.trim().split('\n').at(-1)) / 1e6;
}

const folder = mkdtempSync(join(tmpdir(), 'forescale-bench-'));
try {
  const csv = join(folder, 'history.csv');
  writeFileSync(csv, history());
  for (const { what, flags, mostSeconds } of cases) {
    const least = Math.min(...Array.from({ length: runs }, () => cpuSeconds(csv, flags)));
    process.stdout.write(`${what}: ${least.toFixed(2)} s of CPU, at most ${mostSeconds} s\n`);
    if (!(least <= mostSeconds)) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
