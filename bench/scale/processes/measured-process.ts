import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a process used: CPU time since it started, and how late its event loop was since the last look. */
export interface Usage {
  /** Of all threads, those that have ended among them. */
  readonly cpuSeconds: number;
  readonly loopP99Ms: number;
  readonly loopMaxMs: number;
}

export interface MeasuredProcess {
  readonly child: ChildProcess;
  usage(): Promise<Usage>;
  /** Memory now and at most so far, MiB; NaN where the system does not tell it as Linux does. */
  memory(): { readonly rssMiB: number; readonly peakMiB: number };
  /** The largest memory is counted anew from now on. */
  forgetPeak(): void;
  /** Ends the process with SIGTERM, and after some seconds with SIGKILL. */
  stop(): Promise<void>;
  /** Ends it with SIGKILL, as the kernel does where memory is short. */
  kill(): Promise<void>;
}

const endAfterMs = 20_000;
const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** What is preloaded into every process that is measured. */
export const probe = fileOf('probe.js');

/** Starts a program of ours, given relative to bench/scale, as a process that is measured. */
export function startMeasured(
  program: string,
  args: readonly string[] = [],
  {
    execArgv = [],
    env = {},
    stderr = 'inherit',
  }: {
    readonly execArgv?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    readonly stderr?: 'inherit' | 'pipe';
  } = {},
): MeasuredProcess {
  const child = fork(fileOf(`../${program}`), args, {
    execArgv: ['--import', probe, ...execArgv],
    stdio: ['ignore', 'ignore', stderr, 'ipc'],
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  return {
    child,
    usage: () => ask<'usage', Usage>(child, 'usage', 'usage'),
    memory: () => memoryOf(child.pid),
    forgetPeak() {
      try {
        writeFileSync(`/proc/${child.pid}/clear_refs`, '5');
      } catch {
        // Only Linux has it, where the kernel was built with it; the peak then is that of the whole run.
      }
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill();
      const force = setTimeout(() => child.kill('SIGKILL'), endAfterMs);
      await ended;
      clearTimeout(force);
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Sends a message to a process and resolves with its answer, the property `name` of a message. Rejects where the process ends. */
export function ask<Name extends string, Answer>(
  child: ChildProcess,
  message: object | string,
  name: Name,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`${child.spawnfile} ended with ${code}`));
    const onMessage = (answer: Partial<Record<Name, Answer>>) => {
      const found = answer[name];
      if (found === undefined) return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(found);
    };
    child.on('message', onMessage);
    child.once('exit', onExit);
    if (message !== '') child.send(message);
  });
}

function memoryOf(pid: number | undefined) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const mebibytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
    return { rssMiB: mebibytes('VmRSS'), peakMiB: mebibytes('VmHWM') };
  } catch {
    return { rssMiB: Number.NaN, peakMiB: Number.NaN };
  }
}
