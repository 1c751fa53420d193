import { Worker } from 'node:worker_threads';
import type { Calendar } from '../../src/what-if/models/index.ts';
import type { WindowAnswer, WindowTask } from './contract.ts';

export interface WindowQuestion {
  readonly opponent: string;
  readonly tasks: readonly WindowTask[];
  readonly calendar: Calendar;
}

/** Asks slow opponents in a thread of their own, one question after another. */
export interface WindowLane {
  ask(question: WindowQuestion): Promise<readonly WindowAnswer[]>;
  /** Ends the thread; open questions are rejected. */
  close(): Promise<void>;
}

type Reply = { readonly answers: readonly WindowAnswer[] } | { readonly failure: string };

export function createWindowLane(): WindowLane {
  const worker = new Worker(new URL('./window-worker.ts', import.meta.url), { stdout: true, stderr: true });
  // Prophet prints when an optimisation fails, which must not mix with the data on stdout.
  worker.stdout.resume();
  worker.stderr.resume();
  const waiting: { resolve(answers: readonly WindowAnswer[]): void; reject(reason: Error): void }[] = [];
  const failAll = (reason: Error) => {
    for (const one of waiting.splice(0)) one.reject(reason);
  };
  worker.on('message', (reply: Reply) => {
    const first = waiting.shift();
    if ('answers' in reply) first?.resolve(reply.answers);
    else first?.reject(new Error(reply.failure));
  });
  worker.on('error', (cause) => failAll(cause instanceof Error ? cause : new Error(String(cause))));
  worker.on('exit', () => failAll(new Error('the worker of the slow opponents has ended')));
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        worker.postMessage(question);
      }),
    async close() {
      await worker.terminate();
    },
  };
}
