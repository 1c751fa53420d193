import type { RecordState } from '../../forecast/index.ts';
import { startTaskThread, type TaskThread } from '../../platform/process/task-thread.ts';
import type { RecordResult, RecordTask, TaskOptions } from './record-tasks.ts';

/** Does tasks of the record. */
export type RecordHost = TaskThread<RecordTask, RecordResult>;

export interface WorkerSettings extends TaskOptions {
  /** The file; undefined = some hours are kept in the memory of the thread. */
  readonly path: string | undefined;
  readonly mostBytes: number;
  readonly mostWorkloads: number;
}

/** Heap of the thread, MiB. It holds the decisions of one workload for some hours at a time, and one answer. */
const heapMiB = 64;

/** Starts a thread that keeps the record. `onEnd` is called where it ends by itself. Throws where it cannot be started. */
export function createWorkerHost(
  settings: WorkerSettings,
  {
    onState,
    onEnd,
  }: { readonly onState: (state: RecordState) => void; readonly onEnd: (cause: unknown) => void },
): RecordHost {
  return startTaskThread({
    module: new URL('./record-worker', import.meta.url),
    workerData: settings,
    heapMiB,
    what: 'the record of decisions',
    onNotice: onState,
    onEnd,
  });
}
