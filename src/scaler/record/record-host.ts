import type { RecordState } from '../../forecast/index.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import { createMemoryKeeper } from './memory-keeper.ts';
import { doRecordTask } from './record-tasks.ts';
import { withoutFile } from './safe-keeper.ts';
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
  /** Called when what is kept, and where, changes. */
  readonly onState?: ((state: RecordState) => void) | undefined;
  /** Starts the thread. Default: one of this process. */
  readonly startThread?: typeof createWorkerHost;
}

/**
 * Keeps the record by a thread of its own, in a file where there is a place for one: writing down a thousand decisions takes tens of
 * milliseconds, and a disk may hang. Where that thread cannot be started, or ends, some hours are kept in the memory of this one.
 */
export function openRecordHost(options: RecordHostOptions): RecordHost {
  const { path, mostBytes, mostWorkloads, inForceSeconds, log, startThread = createWorkerHost } = options;
  const onState = (state: RecordState) => {
    logState(log, state);
    options.onState?.(state);
  };
  function withoutThread(cause: unknown): RecordHost {
    const where = path === undefined ? 'that keeps it' : `that writes ${path}`;
    const warning = `the record of decisions is kept in memory, some hours of it: the thread ${where} ended: ${String(cause)}; restart the server`;
    const state: RecordState = { kept: 'memory', warning };
    onState(state);
    return createMemoryHost(options, state);
  }
  const settings = { path, mostBytes, mostWorkloads, inForceSeconds, tidyMs: workerTidyMs };
  let host: RecordHost;
  try {
    const onEnd = (cause: unknown) => {
      host = withoutThread(cause);
    };
    host = startThread(settings, { onState, onEnd });
  } catch (cause) {
    // A process may have too many threads, or none to spare for another heap.
    host = withoutThread(cause);
  }
  return { run: (task) => host.run(task), close: () => host.close() };
}

/** Time for keeping the record small after each write: in a thread of its own, and beside everything else. */
const workerTidyMs = 100;
const memoryTidyMs = 4;

/** Keeps some hours in the memory of this thread. */
function createMemoryHost(options: RecordHostOptions, state: RecordState): RecordHost {
  const keeper = withoutFile(createMemoryKeeper(options), state);
  const clocks = { clock: systemClock, monotonic: () => performance.now() / 1000 };
  return {
    run: async (task) => doRecordTask(keeper, task, { ...options, tidyMs: memoryTidyMs }, clocks),
    close: async () => keeper.close(),
  };
}

function logState(log: Logger, { kept, warning }: RecordState): void {
  if (warning === undefined) log.info({ kept }, 'record-kept-again');
  else log.warn({ kept, warning }, 'record-degraded');
}
