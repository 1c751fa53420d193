import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LearnedStates, ReplayJob } from '../../forecast/index.ts';
import { within } from '../../platform/deadline.ts';

/** A thread that does one replay at a time. */
export interface ReplayThread {
  /** Rejects where the thread fails or ends, and with the signal's reason when that aborts; it is to be ended then. */
  learn(job: ReplayJob, signal: AbortSignal): Promise<LearnedStates>;
  end(): Promise<void>;
}

/** Beside this file, TypeScript in a checkout and JavaScript in what is built. */
const threadFile = new URL(`./thread${extname(import.meta.url)}`, import.meta.url);

/** Memory of the thread, MiB: a part of a history (history/tail.ts) and what learns it take 20. */
const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 };

export function startReplayThread(): ReplayThread {
  const worker = new Worker(threadFile, { resourceLimits, execArgv: [] });
  // It keeps no process alive that has nothing else to do.
  worker.unref();
  let answer: PromiseWithResolvers<LearnedStates> | undefined;
  let isOver = false;
  worker.on('message', (states: LearnedStates) => answer?.resolve(states));
  worker.on('error', (error) => answer?.reject(error));
  worker.on('exit', () => {
    isOver = true;
    answer?.reject(ended());
  });
  return {
    async learn(job, signal) {
      // What is posted to a thread that is over is lost, and no answer comes.
      if (isOver) throw ended();
      answer = Promise.withResolvers();
      worker.postMessage(job);
      return within(Number.POSITIVE_INFINITY, answer.promise, { signal });
    },
    end: async () => void (await worker.terminate()),
  };
}

const ended = () => new Error('the thread of a replay ended');
