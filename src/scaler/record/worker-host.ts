import { Worker } from 'node:worker_threads';
import type { RecordState } from '../../forecast/index.ts';
import { ForescaleError } from '../../platform/errors.ts';
import type { RecordResult, RecordTask, TaskOptions } from './record-tasks.ts';

/** Does tasks of the record. */
export interface RecordHost {
  /** Tasks are done in the order in which they are given. Rejects where one fails, or where nobody is there any more. */
  run(task: RecordTask): Promise<RecordResult>;
  close(): Promise<void>;
}

export interface WorkerSettings extends TaskOptions {
  /** The file; undefined = some hours are kept in the memory of the thread. */
  readonly path: string | undefined;
  readonly mostBytes: number;
  readonly mostWorkloads: number;
}

export type WorkerReply =
  | { readonly id: number; readonly result: RecordResult }
  | { readonly id: number; readonly error: string }
  | { readonly state: RecordState };

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
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  const worker = new Worker(new URL(`./record-worker${extension}`, import.meta.url), {
    workerData: settings,
    // Flags of the process, such as modules to load first, are not meant for it.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: heapMiB, maxYoungGenerationSizeMb: 4 },
  });
  const waiting = new Map<number, PromiseWithResolvers<RecordResult>>();
  let next = 0;
  let ended: unknown;
  let isClosing = false;

  function end(cause: unknown): void {
    if (ended !== undefined) return;
    ended = cause;
    for (const { reject } of waiting.values()) reject(gone());
    waiting.clear();
    if (!isClosing) onEnd(cause);
  }
  const gone = () => new ForescaleError('overloaded', `the record of decisions ended: ${String(ended)}`);

  worker.on('message', (reply: WorkerReply) => {
    if ('state' in reply) return onState(reply.state);
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply) asked?.reject(new ForescaleError('internal', reply.error));
    else asked?.resolve(reply.result);
  });
  worker.on('error', end);
  worker.on('exit', () => end(new Error('its thread has ended')));

  function send(task: RecordTask | 'close'): Promise<RecordResult> {
    if (ended !== undefined) return Promise.reject(gone());
    const asked = Promise.withResolvers<RecordResult>();
    const id = next++;
    waiting.set(id, asked);
    worker.postMessage({ id, task });
    return asked.promise;
  }

  return {
    run: send,
    async close() {
      if (ended !== undefined) return;
      isClosing = true;
      const exited = new Promise((resolve) => worker.once('exit', resolve));
      await send('close').catch(() => undefined);
      ended ??= new Error('the server stops');
      await worker.terminate();
      await exited;
    },
  };
}
