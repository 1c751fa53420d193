import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { CommandIo } from '../src/cli/command-io.ts';
import { createLogger } from '../src/platform/log.ts';
import { renderReport } from './final-report.ts';
import type { DemoFlags } from './flags.ts';
import { drawDemo } from './picture.ts';
import { type DemoRun, runDemo } from './run.ts';
import { type DemoFrame, renderFrame, renderLine } from './terminal-view.ts';

const clearScreen = '\u001b[2J';
const home = '\u001b[H';
const eraseRestOfLine = '\u001b[K';
const eraseBelow = '\u001b[J';
const lineEveryMs = 5_000;

/** Runs the demo and prints its results. */
export async function runDemoCommand(flags: DemoFlags, io: CommandIo): Promise<void> {
  const { forSeconds, seed, json, record: picture } = flags.values;
  // Checked before the demo runs, so that no run is lost.
  if (picture !== undefined && !(await isWritableFolder(dirname(resolve(picture)))))
    flags.wrong('--record', `cannot write to the folder of ${picture}`);
  flags.check();

  const run = await runDemo({
    forSeconds,
    seed,
    env: io.env,
    log: createLogger({ name: 'forescale', level: 'error' }),
    signal: io.signal ?? new AbortController().signal,
    onProgress: (what) => io.stderr(`… ${what}\n`),
    onFrame: io.isTty ? liveView(io) : lineView(io),
  });
  if (picture !== undefined) await record(run, picture, io);
  io.stdout(json ? `${JSON.stringify(run.summary)}\n` : `${renderReport(run)}\n`);
}

function isWritableFolder(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
}

async function record(run: DemoRun, file: string, io: CommandIo): Promise<void> {
  const picture = drawDemo({ ...run, verdict: run.summary.verdict });
  if (picture === undefined) return;
  await writeFile(file, picture);
  io.stderr(`… drawn: ${file}\n`);
}

/** Draws each frame over the one before, line by line, because a screen that is cleared first flickers. */
function liveView(io: CommandIo) {
  let before = clearScreen;
  return (frame: DemoFrame) => {
    const { columns, rows } = io.terminalSize?.() ?? { columns: 100, rows: 40 };
    // A line in the last row would scroll.
    const lines = renderFrame(frame, columns)
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
