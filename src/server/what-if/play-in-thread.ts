import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { within } from '../../platform/deadline.ts';
import { ForescaleError } from '../../platform/errors.ts';
import type { Question, WhatIfAnswer } from '../../what-if/index.ts';

/** Beside this file, TypeScript in a checkout and JavaScript in what is built. */
const threadFile = new URL(`./thread${extname(import.meta.url)}`, import.meta.url);

/** Memory of the thread, MiB: four weeks of minutes with all policies take 32. */
const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 };

/** Plays a question in a thread of its own, which has ended when this settles. Rejects with the signal's reason when that aborts. */
export async function playInThread(question: Question, signal: AbortSignal): Promise<WhatIfAnswer> {
  signal.throwIfAborted();
  const thread = new Worker(threadFile, { workerData: question, resourceLimits, execArgv: [] });
  const answer = Promise.withResolvers<WhatIfAnswer>();
  thread.once('message', answer.resolve);
  thread.once('error', (error) => answer.reject(isOutOfMemory(error) ? tooLarge(error) : error));
  thread.once('exit', () => answer.reject(new Error('the thread of a what-if ended without an answer')));
  try {
    return await within(Number.POSITIVE_INFINITY, answer.promise, { signal });
  } finally {
    await thread.terminate();
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

function tooLarge(cause: unknown): ForescaleError {
  const message = 'this what-if takes more memory than one may; ask for fewer policies or a shorter range';
  return new ForescaleError('too-large', message, { cause });
}
