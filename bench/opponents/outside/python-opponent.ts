import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Opponent } from '../contract.ts';
import { askTasks } from './ask-tasks.ts';
import { type OutsideForecaster, startOutsideForecaster } from './outside-forecaster.ts';

const execute = promisify(execFile);
const fileOf = (name: string) => fileURLToPath(new URL(`./python/${name}`, import.meta.url));

/**
 * An opponent whose model is of a Python package. It runs in a process of its own and is asked as any outside forecaster is. The
 * process loads its packages for seconds, so it stays until this thread ends: then its stdin closes, and it ends.
 */
export function pythonOpponent(model: string, title: string): Opponent {
  let running: OutsideForecaster | undefined;
  return {
    kind: 'window',
    title,
    originShare: 1,
    unavailable: whyNoPackages,
    async forecast(tasks, { stepSeconds }) {
      running ??= startOutsideForecaster(`exec python3 '${fileOf('answer.py')}' ${model}`);
      try {
        return await askTasks(running, tasks, stepSeconds);
      } catch (thrown) {
        running = undefined;
        throw thrown;
      }
    },
  };
}

async function whyNoPackages(): Promise<string | undefined> {
  const printed = await execute('python3', [fileOf('packages.py')]).catch(() => undefined);
  if (printed === undefined)
    return 'no python3 on this machine; install Python 3.11 or newer and run make tools';
  return access(printed.stdout.trim()).then(
    () => undefined,
    () => 'its Python packages are not fetched for this Python; run make tools',
  );
}
