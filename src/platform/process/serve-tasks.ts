import { parentPort } from 'node:worker_threads';
import { toForescaleError } from '../errors.ts';
import type { ThreadReply, ThreadTask } from './task-thread.ts';

/** Tells whoever started this thread what was noticed. */
export function sendNotice<Notice>(notice: Notice): void {
  parentPort?.postMessage({ notice } satisfies ThreadReply<never, Notice>);
}

/** Does the tasks that this thread is sent, one after the other, until it is told to close. */
export function serveTasks<Task, Result>(work: {
  readonly run: (task: Task) => Result;
  readonly close: () => void;
}): void {
  const reply = (message: ThreadReply<Result | undefined, never>) => parentPort?.postMessage(message);
  parentPort?.on('message', ({ id, task }: ThreadTask<Task>) => {
    if (task === 'close') {
      work.close();
      reply({ id, result: undefined });
      parentPort?.close();
      return;
    }
    try {
      reply({ id, result: work.run(task) });
    } catch (error) {
      reply({ id, error: toForescaleError(error).message });
    }
  });
}
