import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type BenchOptions, runBenchmark } from '../../../bench/benchmark.ts';
import { traceOf } from '../../../bench/replay/trace.ts';
import { csvOf, temporaryFolder, workingWeekRows } from '../../edges/cli/made-history.ts';
import { projectRoot } from '../../repository/project-files.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const traces = dirname(folder.file('busy-5m.csv', csvOf(workingWeekRows(14, 300))));

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A trace of a year of hours, whose country the benchmark knows by its name. */
function yearOfHours() {
  const rows = workingWeekRows(364, 3600);
  return traceOf('ref-bike-dc-1h', {
    stepSeconds: 3600,
    timestamps: Float64Array.from(rows, ([seconds]) => seconds),
    values: Float64Array.from(rows, ([, value]) => value),
    warnings: [],
  });
}

describe('the benchmark hears Ctrl-C in the middle of', () => {
  const all: BenchOptions = {
    traces: [yearOfHours()],
    parts: [],
    opponents: [],
    originsAtMost: 1,
    everySeconds: 0,
    damagePlaces: 1,
    startUpsSeconds: [300],
    isShort: true,
  };
  it.each([
    ['accuracy', '1/1'],
    ['robustness', 'damage: '],
    ['hourly', 'waiting'],
    ['calendar', 'calendar: '],
    ['cost', 'costs'],
  ] as const)('%s', async (part, begun) => {
    const interrupt = new AbortController();
    const onProgress = (text: string) => {
      // Where the event loop does not turn, this comes when all is measured.
      if (text.startsWith(begun)) setTimeout(() => interrupt.abort(new Error('Ctrl-C')), 1);
    };
    const run = runBenchmark({ ...all, parts: [part], signal: interrupt.signal, onProgress });
    await expect(run).rejects.toThrow('Ctrl-C');
  });
});

describe('a real SIGINT ends the benchmark', () => {
  /** It takes tenths of a second where nothing else runs. */
  const mostMs = 10_000;

  const moneyOf = (opponent: string) => ['--parts', 'money', '--start-ups', '5m', '--opponent', opponent];

  /** Sends SIGINT to a benchmark when the file `begun` is there; resolves with how long it took to end. */
  async function interrupted(args: readonly string[], begun: string, env = {}): Promise<number> {
    const bench = spawn(process.execPath, ['bench/main.ts', '--traces', traces, ...args], {
      cwd: projectRoot,
      env: { ...process.env, ...env },
    });
    let said = '';
    for (const stream of [bench.stdout, bench.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    const ended = once(bench, 'close');
    await expect.poll(() => existsSync(begun)).toBe(true);
    const sentMs = performance.now();
    bench.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
    expect(said).toBe('bench: interrupted\n');
    return performance.now() - sentMs;
  }

  it('while policies are played for money', async () => {
    const begun = join(traces, 'played');
    // It has no forecast of its own, and is ended before the policies are played.
    const script = folder.file(
      'no-forecast.cjs',
      `require('node:readline').createInterface(process.stdin).on('line', () => console.log('{}'))
        .on('close', () => require('node:fs').writeFileSync(${JSON.stringify(begun)}, ''));`,
    );
    expect(await interrupted(moneyOf(`'${process.execPath}' '${script}'`), begun)).toBeLessThan(mostMs);
  });

  it('while an outside forecaster is waited for, and ends that', async () => {
    const begun = join(traces, 'asked');
    const waits = moneyOf(
      `read -r _; echo $$ > '${begun}.new'; mv '${begun}.new' '${begun}'; exec sleep 600`,
    );
    expect(await interrupted(waits, begun)).toBeLessThan(mostMs);
    const pid = Number(readFileSync(begun, 'utf8'));
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it('while R calculates, and ends that and removes its folder', async () => {
    const begun = join(traces, 'calculating');
    const temporary = join(traces, 'temporary');
    const programs = join(traces, 'programs');
    for (const one of [temporary, programs]) mkdirSync(one);
    // A stand-in that has the package and never answers. The file appears with its content.
    const script = `#!/bin/sh\n[ "$1" = -e ] && exit\necho $$ > '${begun}.new'; mv '${begun}.new' '${begun}'; exec sleep 600\n`;
    writeFileSync(join(programs, 'Rscript'), script, { mode: 0o755 });
    const env = { PATH: `${programs}:${process.env['PATH']}`, TMPDIR: temporary };
    const args = ['--parts', 'opponents', '--opponents', 'r-stlf', '--origins', '1'];
    expect(await interrupted(args, begun, env)).toBeLessThan(mostMs);
    const pid = Number(readFileSync(begun, 'utf8'));
    await expect.poll(() => isRunning(pid)).toBe(false);
    await expect.poll(() => readdirSync(temporary)).toEqual([]);
  });
});
