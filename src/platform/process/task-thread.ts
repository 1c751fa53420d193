import { Worker } from 'node:worker_threads';
import { ForescaleError } from '../errors.ts';

/** Does tasks in a thread of its own. */
export interface TaskThread<Task, Result> {
  /** Tasks are done in the order in which they are given. Rejects where one fails, or where nobody is there any more. */
  run(task: Task): Promise<Result>;
  close(): Promise<void>;
}

/** What a thread sends: the answer to a task, or something it noticed. */
export type ThreadReply<Result, Notice> =
  | { readonly id: number; readonly result: Result }
  | { readonly id: number; readonly error: string }
  | { readonly notice: Notice };

/** What a thread is sent. */
export interface ThreadTask<Task> {
  readonly id: number;
  readonly task: Task | 'close';
}

export interface TaskThreadOptions<Notice> {
  /** Module that the thread runs, without the extension, which is that of this module. */
  readonly module: URL;
  readonly workerData: unknown;
  /** Largest heap of the thread, MiB. */
  readonly heapMiB: number;
  /** What the thread does, for messages: `the record of decisions`. */
  readonly what: string;
  readonly onNotice: (notice: Notice) => void;
  /** Called where the thread ends by itself. */
  readonly onEnd: (cause: unknown) => void;
}

/** Starts a thread that does tasks. Throws where it cannot be started. */
export function startTaskThread<Task, Result, Notice>(
  options: TaskThreadOptions<Notice>,
): TaskThread<Task, Result> {
  const { onNotice, onEnd, what } = options;
  const worker = startWorker(options);
  const waiting = new Map<number, PromiseWithResolvers<Result>>();
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
  const gone = () => new ForescaleError('overloaded', `${what} ended: ${String(ended)}`);

  worker.on('message', (reply: ThreadReply<Result, Notice>) => {
    if ('notice' in reply) return onNotice(reply.notice);
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply) asked?.reject(new ForescaleError('internal', reply.error));
    else asked?.resolve(reply.result);
  });
  worker.on('error', end);
  worker.on('exit', () => end(new Error('its thread has ended')));

  function send(task: Task | 'close'): Promise<Result> {
    if (ended !== undefined) return Promise.reject(gone());
    const asked = Promise.withResolvers<Result>();
    const id = next++;
    waiting.set(id, asked);
    worker.postMessage({ id, task } satisfies ThreadTask<Task>);
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

function startWorker({ module, workerData, heapMiB }: TaskThreadOptions<never>): Worker {
  // Sources run as they are in a checkout, and as a build in an installed package.
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  return new Worker(new URL(`${module.href}${extension}`), {
    workerData,
    // Flags of the process, such as modules to load first, are not meant for it.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: heapMiB, maxYoungGenerationSizeMb: 4 },
  });
}
