import type { Command } from 'commander';
import { type DemoSummary, runDemo } from '../../demo/run.ts';
import { type DemoFrame, renderFrame, renderLine } from '../../demo/terminal-view.ts';
import { createLogger } from '../../platform/log.ts';
import type { CommandIo } from '../command-io.ts';
import { createFlagValues } from '../flag-values.ts';

interface DemoFlags {
  readonly for?: string;
  readonly seed: string;
  readonly json?: boolean;
}

const examples = `
Real Prometheus, real services a → b → c, the real scaler and a KEDA that scales app-a; no cluster, no Docker. A day
passes in four minutes. The page is on http://127.0.0.1:8080. Nothing is left behind.

Examples:
  forescale demo
  forescale demo --for 90s --json
`;

const clearScreen = '\u001b[H\u001b[2J';
const lineEveryMs = 5_000;

/** `forescale demo`: everything at once on one machine. */
export function addDemoCommand(program: Command, io: CommandIo): void {
  program
    .command('demo')
    .description('run everything on this machine: services, Prometheus, the scaler, KEDA; no cluster')
    .option('--for <duration>', 'end by itself, counted from ready (default: until Ctrl-C)')
    .option('--seed <number>', 'chooses the noise of the load', '1')
    .option('--json', 'end with one JSON line that says what was served')
    .addHelpText('after', examples)
    .action((flags: DemoFlags) => run(flags, io));
}

async function run(flags: DemoFlags, io: CommandIo): Promise<void> {
  const values = createFlagValues('demo');
  const forSeconds = flags.for === undefined ? undefined : values.seconds('--for', flags.for);
  const seed = values.number('--seed', flags.seed, Number.isSafeInteger, 'a whole number');
  values.check();

  const summary = await runDemo({
    forSeconds,
    seed,
    env: io.env,
    log: createLogger({ name: 'forescale', level: 'error' }),
    signal: io.signal ?? new AbortController().signal,
    onProgress: (what) => io.stderr(`… ${what}\n`),
    onFrame: io.isTty ? liveView(io) : lineView(io),
  });
  io.stdout(flags.json === true ? `${JSON.stringify(summary)}\n` : `${verdict(summary)}\n`);
}

function liveView(io: CommandIo) {
  return (frame: DemoFrame, samples: readonly { readonly demand: number; readonly capacity: number }[]) =>
    io.stderr(`${clearScreen}${renderFrame(frame, samples)}\n`);
}

/** For those who do not watch: a line now and then. */
function lineView(io: CommandIo) {
  let nextMs = 0;
  return (frame: DemoFrame) => {
    if (performance.now() < nextMs) return;
    nextMs = performance.now() + lineEveryMs;
    io.stderr(`${renderLine(frame)}\n`);
  };
}

function verdict({ polls, samplesScraped, seasons, fleets, errors }: DemoSummary): string {
  const lines = fleets.map(({ name, replicas, scaleUps, shed, p95Ms }) => {
    const short = (100 * scaleUps.shortTimeShare).toFixed(1);
    const ahead = `${scaleUps.aheadOfDemand} of ${scaleUps.total} scale-ups were ready before demand needed them`;
    return `${name}: ${replicas.min}–${replicas.max} replicas, ${ahead}, short ${short} % of the time, ${shed} requests shed, p95 ${p95Ms?.toFixed(0) ?? '–'} ms`;
  });
  lines.push(
    `${polls} polls served from ${samplesScraped} samples scraped; seasons found: ${seasons.join(', ') || 'none'}`,
  );
  return [...lines, ...errors.map((error) => `error: ${error}`)].join('\n');
}
