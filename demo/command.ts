import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { CommandIo } from '../src/cli/command-io.ts';
import { createFlagValues } from '../src/cli/flag-values.ts';
import { formatDuration } from '../src/platform/duration.ts';
import { createLogger } from '../src/platform/log.ts';
import { renderReport } from './final-report.ts';
import { drawDemo } from './picture.ts';
import { type DemoRun, runDemo } from './run.ts';
import { scenario } from './scenario.ts';
import { type DemoFrame, renderFrame, renderLine } from './terminal-view.ts';

interface DemoFlags {
  readonly for: string;
  readonly seed: string;
  readonly json?: boolean;
  readonly record?: string;
}

const examples = `
Two fleets of real services with a capacity and a slow start receive the same requests. One is scaled on Forescale's
signal, the other on the demand observed now, as by KEDA's own prometheus trigger. Prometheus and the scaler are real;
no cluster and no Docker are needed. A day passes in four minutes. The page is on http://127.0.0.1:8080/demo/, or on
another port where that one is taken. Nothing is left behind.

Examples:
  forescale demo
  forescale demo --for 90s --json
  forescale demo --seed 2 --record demo.svg
`;

const clearScreen = '\u001b[2J';
const home = '\u001b[H';
const eraseRestOfLine = '\u001b[K';
const eraseBelow = '\u001b[J';
const lineEveryMs = 5_000;

/** The flags of `forescale demo`, and its examples. */
export function addDemoOptions(command: Command): Command {
  return command
    .option('--for <duration>', 'how long to run, counted from ready', formatDuration(scenario.runSeconds))
    .option('--seed <number>', 'chooses the noise of the load', '1')
    .option('--json', 'print one JSON line with the results at the end')
    .option('--record <file>', 'draw the run as an SVG')
    .addHelpText('after', examples);
}

/** Runs the demo and prints its results. */
export async function runDemoCommand(flags: DemoFlags, io: CommandIo): Promise<void> {
  const values = createFlagValues('demo');
  const forSeconds = values.seconds('--for', flags.for);
  const seed = values.number('--seed', flags.seed, isSeed, 'a whole number from 0 to 4294967295');
  // Checked before the demo runs, so that no run is lost.
  if (flags.record !== undefined && !(await isWritableFolder(dirname(resolve(flags.record)))))
    values.fault('--record', `cannot write to the folder of ${flags.record}`, flags.record);
  values.check();

  const run = await runDemo({
    forSeconds,
    seed,
    env: io.env,
    log: createLogger({ name: 'forescale', level: 'error' }),
    signal: io.signal ?? new AbortController().signal,
    onProgress: (what) => io.stderr(`… ${what}\n`),
    onFrame: io.isTty ? liveView(io) : lineView(io),
  });
  if (flags.record !== undefined) await record(run, flags.record, io);
  io.stdout(flags.json === true ? `${JSON.stringify(run.summary)}\n` : `${renderReport(run)}\n`);
}

/** Whether APP_SEED takes the number, because the replicas are given it too. */
function isSeed(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 4_294_967_295;
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
