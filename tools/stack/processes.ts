import { type ChildProcess, execFile, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { constants as os } from 'node:os';

/** A failure that a person can act on; `remedy` says how. */
export class StackError extends Error {
  readonly remedy: string;

  constructor(message: string, remedy = '') {
    super(message);
    this.remedy = remedy;
  }
}

/** A wrong command line. */
export class UsageError extends StackError {}

/** What a person reads goes to stderr; stdout is for data. */
export const say = (text: string): void => void process.stderr.write(`${text}\n`);
export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** A command line as a person would type it. */
export function typed(argv: readonly string[]): string {
  const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
  return argv.map((word) => (/^[\w@%+=:,./!-]+$/.test(word) ? word : quoted(word))).join(' ');
}

export const hasProgram = (name: string): boolean =>
  spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name], { stdio: 'ignore' }).status === 0;

const children = new Set<ChildProcess>();

/** Ends every child that still runs. */
export function endChildren(): void {
  for (const child of children) {
    // A forwarding kubectl leads a process group, because the kubectl of minikube starts another program.
    const isLeader = child.spawnargs.includes('port-forward') && child.pid !== undefined;
    if (isLeader && child.exitCode === null) process.kill(-(child.pid ?? 0), 'SIGTERM');
    else child.kill();
  }
}

/** Ends this process at the first signal, and every child with it. */
export function endWithSignals(): void {
  process.on('exit', endChildren);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(128 + os.signals[signal]));
  }
}

function keep<C extends ChildProcess>(child: C): C {
  children.add(child);
  return child.once('close', () => children.delete(child));
}

/** Starts a program that ends with this process at the latest. */
export const start = ([program = '', ...args]: readonly string[], options: SpawnOptions): ChildProcess =>
  keep(spawn(program, args, options));

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end and keeps what it prints. */
export function capture([program = '', ...args]: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
      resolve({ code, stdout, stderr: stderr || (error?.message ?? '') });
    });
    keep(child).stdin?.end();
  });
}

/** Runs a program to its end, with its output on stderr, or on stdout where it is the data. Rejects where it fails. */
export function show(argv: readonly string[], input?: string, output: 1 | 2 = 2): Promise<void> {
  const child = start(argv, { stdio: [input === undefined ? 'inherit' : 'pipe', output, 2] });
  // A program that ends without reading its input says why on stderr.
  child.stdin?.on('error', () => undefined).end(input);
  return new Promise((resolve, reject) => {
    child.once('error', ({ message }) => reject(new StackError(message)));
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new StackError(`${typed(argv)} ended with ${code}`));
    });
  });
}
