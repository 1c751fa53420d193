import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { within } from '../../src/platform/deadline.ts';
import { ForescaleError } from '../../src/platform/errors.ts';
import { openTemporaryFolder } from '../temporary-folder.ts';
import { freePort } from './free-port.ts';

export interface ServerProgram {
  /** Name of the program in error messages. */
  readonly name: string;
  readonly path: string;
  /** Command line for a port of 127.0.0.1 and a data folder that exists and is empty. */
  readonly args: (port: number, dataFolder: string) => Promise<readonly string[]> | readonly string[];
  /** The whole environment of the program, for its port (default: that of this process). */
  readonly env?: (port: number) => Readonly<Record<string, string | undefined>>;
  /** Port of 127.0.0.1 that it listens on (default: a free one). */
  readonly port?: number;
  /** Path that answers with a status of 2xx once the program serves. */
  readonly readyPath: string;
  /** File with the authority of its certificate, for a program that speaks HTTPS; the program may write it while it starts. */
  readonly authorityFile?: (dataFolder: string) => string;
  /** Longest wait for the first good answer (default: half a minute). */
  readonly readyTimeoutMs?: number;
}

export interface RunningProgram {
  readonly url: string;
  readonly port: number;
  /** Ends the process (SIGTERM, after 5 s SIGKILL) and removes its data folder; safe to call twice. */
  stop(): Promise<void>;
}

const defaultReadyTimeoutMs = 30_000;
/** This is longer than the shell waits for the program, so only a shell that hangs is killed. */
const stopTimeoutMs = 8_000;
const portAttempts = 3;
/** Length of the output that is kept, to show why a program did not start. */
const keptOutputCharacters = 4_000;

/**
 * A shell that starts the program, and ends it when the shell's own input ends: by SIGTERM, five seconds later by SIGKILL. This
 * process holds the other end of that input, so the program ends however this process ends, SIGKILL included. The shell also keeps
 * a terminal's Ctrl-C from the program, so that things are stopped in order. It removes the data folder after the program's end.
 */
const endsWithParent = `
exec 3<&0
data=$1; shift
"$@" 3<&- </dev/null & program=$!
# The shell reports killed processes; writing that to a closed pipe would kill the shell itself.
exec >/dev/null 2>&1
(
  read -r _ <&3
  kill "$program"
  for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$program" || exit; sleep 0.5; done
  kill -9 "$program"
) & watcher=$!
wait "$program"; code=$?
kill "$watcher"
rm -rf "$data"
exit "$code"`;

/** Starts a server on a loopback port with a data folder of its own; resolves when it answers. */
export async function startServerProcess(program: ServerProgram): Promise<RunningProgram> {
  for (let attempt = 1; ; attempt++) {
    const started = await startOnce(program);
    if ('url' in started) return started;
    // Another program took the free port before this one listened on it.
    if (attempt < portAttempts && /address already in use/i.test(started.output)) continue;
    throw new ForescaleError(
      'missing-tool',
      `${program.path} ${started.reason}; it said: ${started.output.trim() || '(nothing)'}`,
    );
  }
}

async function startOnce(
  program: ServerProgram,
): Promise<RunningProgram | { readonly reason: string; readonly output: string }> {
  const port = program.port ?? (await freePort());
  const data = await openTemporaryFolder(`forescale-${program.name}`);
  const args = await program.args(port, data.path);
  const child = spawn('sh', ['-c', endsWithParent, 'sh', data.path, program.path, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    ...(program.env !== undefined && { env: program.env(port) }),
  });
  // The input pipe breaks when the shell ends, which the exit event reports already.
  child.stdin.on('error', () => undefined);
  const output = keepOutput(child);
  const exited = once(child, 'exit');
  let stopping: Promise<void> | undefined;

  async function end(): Promise<void> {
    child.stdin.end();
    await within(stopTimeoutMs, exited).catch(async () => {
      killGroup(child);
      await exited;
    });
    await data.remove();
  }
  const stop = () => (stopping ??= end());

  const { authorityFile, readyTimeoutMs = defaultReadyTimeoutMs } = program;
  const url = `${authorityFile === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  const ended = new AbortController();
  void exited.finally(() => ended.abort()).catch(() => undefined);
  const answers = () => answersWell(`${url}${program.readyPath}`, authorityFile?.(data.path), ended.signal);
  const answered = await becomesReady(answers, ended.signal, readyTimeoutMs);
  if (answered === 'ready') return { url, port, stop };
  await stop();
  return { reason: answered, output: output() };
}

/** Waits for the first good answer; resolves with `ready`, or with the reason why there is none. */
async function becomesReady(
  answers: () => Promise<boolean>,
  ended: AbortSignal,
  timeoutMs: number,
): Promise<string> {
  const deadlineMs = performance.now() + timeoutMs;
  while (performance.now() < deadlineMs) {
    if (ended.aborted) return 'ended before it was ready';
    if ((await answers().catch(() => false)) && !ended.aborted) return 'ready';
    await sleep(50);
  }
  return `did not answer within ${timeoutMs / 1000} s`;
}

async function answersWell(
  url: string,
  authorityFile: string | undefined,
  ended: AbortSignal,
): Promise<boolean> {
  const dispatcher = new Agent(
    authorityFile === undefined ? {} : { connect: { ca: await readFile(authorityFile, 'utf8') } },
  );
  try {
    const look = async (signal: AbortSignal) => {
      const { statusCode, body } = await request(url, { dispatcher, signal });
      await body.dump();
      return statusCode >= 200 && statusCode < 300;
    };
    return await within(1_000, look, { signal: ended });
  } finally {
    await dispatcher.destroy();
  }
}

function keepOutput(child: ChildProcess): () => string {
  let kept = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      kept = (kept + text).slice(-keptOutputCharacters);
    });
  }
  return () => kept;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The process has ended in the meantime.
  }
}
