import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { within } from '../../../src/platform/deadline.ts';

const main = resolve(import.meta.dirname, '../../../src/telemetry-app/main.ts');
/** Far more than a start takes, for a machine that is busy with other suites. */
const startUpMs = 120_000;

type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

export interface AppProcess {
  /** Base URL, on the port it logged. */
  readonly url: string;
  readonly lines: readonly LogLine[];
  signal(name: NodeJS.Signals): void;
  /** Exit code, once it has ended. */
  readonly exited: Promise<number | null>;
}

/** Starts the app as its own process, set up by environment alone, on a free port of loopback. */
export async function startApp(environment: Record<string, string>): Promise<AppProcess> {
  const { child, lines, exited } = launch({
    APP_HOST: '127.0.0.1',
    APP_PORT: '0',
    APP_DRAIN_SECONDS: '0',
    ...environment,
  });
  const port = new Promise<unknown>((listening, failed) => {
    lines.onLine((line) => line.msg === 'listening' && listening(line['port']));
    void exited.then((code) => failed(new Error(`exited with ${code}: ${JSON.stringify(lines.all)}`)));
  });
  const url = `http://127.0.0.1:${await within(startUpMs, port, { error: () => new Error('the app did not log that it listens') })}`;
  return { url, lines: lines.all, signal: (name) => void child.kill(name), exited };
}

/** Starts the app as its own process and adds the function that ends it to `opened`. */
export async function startAppUntil(
  opened: (() => unknown)[],
  environment: Record<string, string>,
): Promise<AppProcess> {
  const app = await startApp(environment);
  opened.push(() => {
    app.signal('SIGKILL');
    return app.exited;
  });
  return app;
}

/** Runs the app until it ends by itself. */
export async function runApp(
  environment: Record<string, string>,
): Promise<{ code: number | null; lines: readonly LogLine[] }> {
  const { child, lines, exited } = launch(environment);
  try {
    return {
      code: await within(startUpMs, exited, { error: () => new Error('the app did not end') }),
      lines: lines.all,
    };
  } finally {
    child.kill('SIGKILL');
  }
}

function launch(environment: Record<string, string>) {
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return {
    child,
    lines: readLog(child),
    exited: once(child, 'close').then(([code]) => code as number | null),
  };
}

function readLog(child: ChildProcess) {
  const all: LogLine[] = [];
  const listeners: ((line: LogLine) => void)[] = [];
  if (child.stderr === null) throw new Error('stderr is a pipe');
  createInterface(child.stderr).on('line', (text) => {
    const line = text.startsWith('{') ? (JSON.parse(text) as LogLine) : { msg: text };
    all.push(line);
    for (const listener of listeners) listener(line);
  });
  return { all, onLine: (listener: (line: LogLine) => void) => void listeners.push(listener) };
}
