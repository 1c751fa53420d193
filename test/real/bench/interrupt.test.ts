import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
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

describe('a real SIGINT ends the benchmark of money', () => {
  /** It takes tenths of a second where nothing else runs. */
  const mostMs = 10_000;

  /** Runs all policies until `begun` is there, and is sent SIGINT then. */
  async function interrupted(opponent: string, begun: string): Promise<number> {
    const args = ['--traces', traces, '--parts', 'money', '--start-ups', '5m', '--opponent', opponent];
    const bench = spawn(process.execPath, ['bench/main.ts', ...args], { cwd: projectRoot });
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

  it('while policies are played', async () => {
    const begun = join(traces, 'played');
    // It has no forecast of its own, and is ended before the policies are played.
    const script = folder.file(
      'no-forecast.cjs',
      `require('node:readline').createInterface(process.stdin).on('line', () => console.log('{}'))
        .on('close', () => require('node:fs').writeFileSync(${JSON.stringify(begun)}, ''));`,
    );
    expect(await interrupted(`'${process.execPath}' '${script}'`, begun)).toBeLessThan(mostMs);
  });

  it('while an outside forecaster is waited for, and ends that', async () => {
    const begun = join(traces, 'asked');
    expect(await interrupted(`read -r _; echo $$ > '${begun}'; exec sleep 600`, begun)).toBeLessThan(mostMs);
    const pid = Number(readFileSync(begun, 'utf8'));
    await expect.poll(() => isRunning(pid)).toBe(false);
  });
});
