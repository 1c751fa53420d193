import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandIo } from '../src/cli/command-io.ts';
import { createLogger } from '../src/platform/log.ts';
import { createPaint } from '../src/platform/terminal/paint.ts';
import type { DemoFlags } from './flags.ts';
import { leaveResults, mustCount } from './report/leave-results.ts';
import { runDemo } from './run.ts';
import { type DemoFrame, renderFrame, renderLine } from './terminal-view.ts';

const clearScreen = '\u001b[2J';
const home = '\u001b[H';
const eraseRestOfLine = '\u001b[K';
const eraseBelow = '\u001b[J';
const lineEveryMs = 5_000;

/** Runs the demo and prints its results. */
export async function runDemoCommand(flags: DemoFlags, io: CommandIo): Promise<void> {
  const { forSeconds, seed, json, pricePerReplicaHour, record: picture } = flags.values;
  const report = flags.values.report ?? usualReport;
  if (flags.values.report === undefined) await mkdir(dirname(report), { recursive: true });
  // Checked before the demo runs, so that no run is lost.
  for (const [flag, file] of [['--record', picture] as const, ['--report', report] as const])
    if (file !== undefined && !(await isWritableFolder(dirname(resolve(file)))))
      flags.wrong(flag, `cannot write to the folder of ${file}`);
  flags.check();

  const run = await runDemo({
    forSeconds,
    seed,
    pricePerReplicaHour,
    env: io.env,
    log: createLogger({ name: 'forescale', level: 'error' }),
    signal: io.signal ?? new AbortController().signal,
    onProgress: (what) => io.stderr(`… ${what}\n`),
    onFrame: io.isTty ? liveView(io) : lineView(io),
    onResults: (results) => leaveResults(results, { json, report, picture }, io),
  });
  // What a person ended is judged by nobody.
  if (io.signal?.aborted !== true) mustCount(run.summary);
}

/** Where the report of a run is left, in a folder that git ignores. */
const usualReport = fileURLToPath(new URL('../results/demo.html', import.meta.url));

function isWritableFolder(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** Draws each frame over the one before, line by line, because a screen that is cleared first flickers. */
function liveView(io: CommandIo) {
  const paint = createPaint(true, io.env);
  let before = clearScreen;
  return (frame: DemoFrame) => {
    const { columns, rows } = io.terminalSize?.() ?? { columns: 100, rows: 40 };
    // A line in the last row would scroll.
    const lines = renderFrame(frame, columns, paint)
      .split('\n')
      .slice(0, Math.max(1, rows - 1));
    io.stderr(`${before}${home}${lines.map((line) => `${line}${eraseRestOfLine}\n`).join('')}${eraseBelow}`);
    before = '';
  };
}

/** Prints a line every five seconds, for a log or a pipe. */
function lineView(io: CommandIo) {
  let nextMs = 0;
  return (frame: DemoFrame) => {
    if (performance.now() < nextMs) return;
    nextMs = performance.now() + lineEveryMs;
    io.stderr(`${renderLine(frame)}\n`);
  };
}
