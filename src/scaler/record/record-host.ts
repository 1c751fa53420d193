import type { RecordState } from '../../forecast/index.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import { createMemoryKeeper } from './memory-keeper.ts';
import { doRecordTask } from './record-tasks.ts';
import type { SafeKeeper } from './safe-keeper.ts';
import { createWorkerHost, type RecordHost } from './worker-host.ts';

export interface RecordHostOptions {
  /** The file; undefined = there is no place for one, so that some hours are kept in memory. */
  readonly path: string | undefined;
  /** Largest file, bytes. */
  readonly mostBytes: number;
  readonly mostWorkloads: number;
  /** For how long a decision is in force at most. */
  readonly inForceSeconds: number;
  readonly log: Logger;
}

/** Keeps the record in a file that a thread of its own writes, and in memory without a file or where that thread ends. */
export function openRecordHost(options: RecordHostOptions): RecordHost {
  const { path, mostBytes, mostWorkloads, inForceSeconds, log } = options;
  if (path === undefined) return createMemoryHost(options, { kept: 'memory', warning: undefined });
  let host = createWorkerHost(
    { path, mostBytes, mostWorkloads, inForceSeconds, tidyMs: workerTidyMs },
    {
      onState: (state) => logState(log, state),
      onEnd(cause) {
        const warning = `the record of decisions is kept in memory, some hours of it: the thread that writes ${path} ended: ${String(cause)}; restart the server`;
        logState(log, { kept: 'memory', warning });
        host = createMemoryHost(options, { kept: 'memory', warning });
      },
    },
  );
  return { run: (task) => host.run(task), close: () => host.close() };
}

/** Time for keeping the record small after each write: in a thread of its own, and beside everything else. */
const workerTidyMs = 100;
const memoryTidyMs = 4;

/** Keeps some hours in the memory of this thread. */
function createMemoryHost(options: RecordHostOptions, state: RecordState): RecordHost {
  const memory = createMemoryKeeper(options);
  const keeper: SafeKeeper = {
    append: memory.append,
    read: <T>(question: (kept: typeof memory) => T) => question(memory),
    tidy: memory.tidy,
    state: () => state,
    close: memory.close,
  };
  const clocks = { clock: systemClock, monotonic: () => performance.now() / 1000 };
  return {
    run: async (task) => doRecordTask(keeper, task, { ...options, tidyMs: memoryTidyMs }, clocks),
    close: async () => memory.close(),
  };
}

function logState(log: Logger, { kept, warning }: RecordState): void {
  if (warning === undefined) log.info({ kept }, 'record-kept-again');
  else log.warn({ kept, warning }, 'record-degraded');
}
