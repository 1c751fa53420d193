import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ProgramEnvironment } from './program.ts';

const run = promisify(execFile);

export interface ToolOptions {
  readonly cwd: string;
  /** The whole environment of the tool. */
  readonly env: ProgramEnvironment;
  readonly timeoutMs: number;
  /** Aborting ends the tool; the call rejects once the tool has ended. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Tells tools that are Bash scripts that they run within another shell. A Bash without SHLVL whose stdin is a socket, as that of a
 * child of Node is, takes itself for a remote login and reads ~/.bashrc, which may take seconds or wait for a lock.
 */
const asNested = { SHLVL: '1' };

/**
 * Runs a tool of the machine to its end and resolves with its stdout. Rejects with an Error that names the step and quotes the
 * tool, or says that there is no such tool.
 */
export async function runTool(tool: string, args: readonly string[], options: ToolOptions): Promise<string> {
  const { cwd, env, timeoutMs, signal } = options;
  signal?.throwIfAborted();
  // SIGINT is what Ctrl-C sends: tools such as go and apt remove their temporary files then.
  const killSignal = 'SIGINT';
  const running = run(tool, args, { cwd, env: { ...asNested, ...env }, timeout: timeoutMs, killSignal });
  const interrupt = () => running.child.kill(killSignal);
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    const { stdout } = await running;
    return stdout;
  } catch (cause) {
    if (signal?.aborted === true) throw new Error(`${tool} was interrupted`, { cause });
    const { code, killed, stderr } = cause as { code?: unknown; killed?: boolean; stderr?: string };
    if (code === 'ENOENT') throw new Error(`this machine has no ${tool}`, { cause });
    const command = args.filter((arg) => !arg.startsWith('-') && !arg.includes('::')).join(' ');
    if (killed === true)
      throw new Error(`${tool} ${command} was ended after ${timeoutMs / 1000} s`, { cause });
    const said = (stderr ?? '').trim().split('\n').slice(-3).join(' ');
    throw new Error(`${tool} ${command} failed: ${said === '' ? String(cause) : said}`, { cause });
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
}
