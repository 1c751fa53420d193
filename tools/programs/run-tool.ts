import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ProgramEnvironment } from './program.ts';

const run = promisify(execFile);

export interface ToolOptions {
  readonly cwd: string;
  /** Its whole environment. */
  readonly env: ProgramEnvironment;
  readonly timeoutMs: number;
  /** Ends it, and rejects once it has ended. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Bash that has a socket as its stdin, as a child of Node has, and finds no SHLVL takes itself for a remote login and reads
 * the user's ~/.bashrc, which may take seconds or wait for a lock. Tools that are Bash scripts are therefore told that they are nested.
 */
const asNested = { SHLVL: '1' };

/**
 * Runs one of the machine's tools to its end and gives its stdout. Rejects with an Error that names the step and
 * what the tool said, or that there is no such tool.
 */
export async function runTool(tool: string, args: readonly string[], options: ToolOptions): Promise<string> {
  const { cwd, env, timeoutMs, signal } = options;
  signal?.throwIfAborted();
  // As Ctrl-C does it, on which tools such as go and apt clear up behind them.
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
