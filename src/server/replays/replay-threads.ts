import { availableParallelism } from 'node:os';
import type { LearnedStates, ReplayJob, ReplayThreads } from '../../forecast/index.ts';
import type { Logger } from '../../platform/log.ts';
import type { Lifecycle } from '../../platform/process/lifecycle.ts';
import { createConcurrencyLimit } from '../../platform/turns/concurrency-limit.ts';
import { type ReplayThread, startReplayThread } from './replay-thread.ts';

/** One processor is left to the event loop. More threads than this would take memory and learn no faster than a source answers. */
const mostThreads = 2;
/** A thread that had nothing to do for so long ends, and its memory is given back. */
const idleMs = 5_000;
/** After a thread has failed, replays are done here for so long. */
const restMs = 60_000;
/** Memory that must be left for a thread, bytes: its code and heap take 30 MiB. */
const neededBytes = 64 * 1024 * 1024;

/** What may be changed in tests. */
interface ReplayThreadsOptions {
  readonly log: Logger;
  readonly lifecycle: Pick<Lifecycle, 'onClose'>;
  /** Threads at once; 0 = none. */
  readonly count?: number;
  readonly start?: () => ReplayThread;
  readonly idleMs?: number;
  readonly availableBytes?: () => number;
}

/**
 * Threads for replays, which start when there is one to do and end soon after the last: a server whose workloads are all known has none.
 * Histories are read a few at a time (forecast/models/first-reads.ts), so that few replays ever wait for a thread.
 */
export function openReplayThreads({
  log,
  lifecycle,
  count = Math.min(mostThreads, availableParallelism() - 1),
  start = startReplayThread,
  idleMs: endAfterMs = idleMs,
  availableBytes = () => process.availableMemory(),
}: ReplayThreadsOptions): ReplayThreads | undefined {
  if (count < 1) return undefined;
  const turns = createConcurrencyLimit(count);
  /** Threads without work, and what will end each. */
  const idle = new Map<ReplayThread, NodeJS.Timeout>();
  let restsUntilMs = Number.NEGATIVE_INFINITY;

  function takeThread(): ReplayThread | undefined {
    const [first] = idle;
    if (first !== undefined) {
      const [thread, end] = first;
      clearTimeout(end);
      idle.delete(thread);
      return thread;
    }
    return availableBytes() < neededBytes ? undefined : start();
  }

  /** Undefined where none can be had, as where the container may have no more threads. */
  function takenThread(): ReplayThread | undefined {
    if (performance.now() < restsUntilMs) return undefined;
    try {
      return takeThread();
    } catch (error) {
      noteFailure(error);
      return undefined;
    }
  }

  function noteFailure(error: unknown): void {
    restsUntilMs = performance.now() + restMs;
    log.warn({ error: String(error) }, 'replay-thread-failed');
  }

  function leaveIdle(thread: ReplayThread): void {
    const end = () => {
      idle.delete(thread);
      void thread.end();
    };
    idle.set(thread, setTimeout(end, endAfterMs).unref());
  }

  async function learnIn(
    thread: ReplayThread,
    job: ReplayJob,
    signal: AbortSignal,
  ): Promise<LearnedStates | undefined> {
    try {
      const states = await thread.learn(job, signal);
      leaveIdle(thread);
      return states;
    } catch (error) {
      await thread.end();
      signal.throwIfAborted();
      noteFailure(error);
      return undefined;
    }
  }

  lifecycle.onClose('replays', async () => {
    const threads = [...idle];
    idle.clear();
    for (const [thread, end] of threads) {
      clearTimeout(end);
      await thread.end();
    }
  });

  return {
    learn(job, signal) {
      return turns.run(async () => {
        const thread = takenThread();
        return thread && learnIn(thread, job, signal);
      }, signal);
    },
  };
}
