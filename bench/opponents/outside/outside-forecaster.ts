import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { within } from '../../../src/platform/deadline.ts';
import type { WindowTask } from '../contract.ts';

/** Quantiles that an outside forecaster is asked for where it scales. */
export const askedQuantiles = [0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999] as const;

export interface OutsideAnswer {
  /** Paths of `horizonSteps` values by `String(quantile)`; undefined where the forecaster has no forecast. */
  readonly quantiles: Readonly<Record<string, readonly number[]>> | undefined;
  /** CPU time of the answer by the forecaster's own account; NaN where it says nothing of it. */
  readonly cpuMilliseconds: number;
}

/** A program of somebody else that forecasts, asked one question after another. */
export interface OutsideForecaster {
  ask(task: WindowTask, stepSeconds: number, quantiles: readonly number[]): Promise<OutsideAnswer>;
  /** Ends the program. */
  close(): Promise<void>;
}

const answerMs = 600_000;
const endMs = 5_000;

/**
 * Starts a command with the shell and speaks JSON lines with it: a question on its stdin, an answer on its stdout. Throws an error
 * that shows what came where an answer is not one, or the program has ended. Aborting the signal ends the program at once.
 */
export function startOutsideForecaster(command: string, signal?: AbortSignal): OutsideForecaster {
  signal?.throwIfAborted();
  const child = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = endOf(child);
  const kill = () => killGroup(child);
  signal?.addEventListener('abort', kill, { once: true });
  void ended.then(() => signal?.removeEventListener('abort', kill));
  // A program that has ended breaks the pipe; the question that waits says so.
  child.stdin.on('error', () => {});
  return {
    async ask({ values, firstSeconds, horizonSteps }, stepSeconds, quantiles) {
      const question = { stepSeconds, firstSeconds, values: [...values], horizonSteps, quantiles };
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const line = await within(answerMs, lines.next(), { signal });
      if (line.done === true)
        throw new Error(`the outside forecaster "${command}" ${await ended} without an answer`);
      return parseAnswer(line.value, horizonSteps, quantiles);
    },
    async close() {
      child.stdin.end();
      await within(endMs, ended).catch(kill);
      await ended;
    },
  };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(`could not be started: ${error.message}; it ended`));
    child.on('close', (code, signal) => resolve(`ended with ${signal ?? `exit code ${code}`}`));
  });
}

/** The shell and what it started are a process group of their own. */
function killGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL');
}

function parseAnswer(line: string, horizonSteps: number, asked: readonly number[]): OutsideAnswer {
  const answer: unknown = JSON.parse(line);
  const cpu = fieldOf(answer, 'cpuMilliseconds');
  const quantiles = fieldOf(answer, 'quantiles');
  return {
    quantiles:
      quantiles === undefined
        ? undefined
        : Object.fromEntries(
            asked.map((level) => [
              String(level),
              pathOf(fieldOf(quantiles, String(level)), level, horizonSteps),
            ]),
          ),
    cpuMilliseconds: typeof cpu === 'number' ? cpu : Number.NaN,
  };
}

function pathOf(path: unknown, level: number, horizonSteps: number): readonly number[] {
  const isPath = Array.isArray(path) && path.length === horizonSteps && path.every(Number.isFinite);
  if (!isPath)
    throw new Error(
      `the answer of an outside forecaster has no ${horizonSteps} finite numbers at quantiles["${level}"]: ${JSON.stringify(path)?.slice(0, 80)}`,
    );
  return path.map((value) => Math.max(0, Number(value)));
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
