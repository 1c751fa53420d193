import { afterEach, describe, expect, it } from 'vitest';
import { createForecaster } from '../../../../src/forecast/core/index.ts';
import {
  createJobWorker,
  learnedStates,
  type ReplayJob,
} from '../../../../src/forecast/replays/replay-job.ts';
import { type Logger, silentLogger } from '../../../../src/platform/log.ts';
import { playOfKey } from '../../../../src/scaler/service-level/play-key.ts';
import { type ReplayThread, startReplayThread } from '../../../../src/server/replays/replay-thread.ts';
import { openReplayThreads } from '../../../../src/server/replays/replay-threads.ts';
import { eventually } from '../../../support/eventually.ts';

const { signal } = new AbortController();
const options = { stepSeconds: 300 };

function jobOf(level: number): ReplayJob {
  const timestamps = Float64Array.from({ length: 1200 }, (_, row) => 300 * (row + 1));
  const values = timestamps.map((time) => level + 20 * Math.sin(time / 13_751));
  const before = learnedStates({ forecaster: createForecaster(options), followers: new Map() });
  return { options, before, rows: { timestamps, values }, judged: undefined };
}

const closers: (() => Promise<void> | void)[] = [];
const lifecycle = { onClose: (_: string, close: () => Promise<void> | void) => void closers.push(close) };
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A thread that a test plays: each replay waits until it is told how it ends. */
function playedThreads() {
  const started: { ended: boolean; answer: PromiseWithResolvers<void> }[] = [];
  const start = (): ReplayThread => {
    const thread = { ended: false, answer: Promise.withResolvers<void>() };
    started.push(thread);
    return {
      async learn({ before }) {
        thread.answer = Promise.withResolvers();
        await thread.answer.promise;
        return before;
      },
      async end() {
        thread.ended = true;
      },
    };
  };
  return { started, start };
}

function noted() {
  const said: string[] = [];
  const log: Logger = { ...silentLogger, warn: (_: object, event: string) => void said.push(event) };
  return { said, log };
}

describe('threads of replays', () => {
  it('learn to the bit what this thread learns, several at once', async () => {
    const threads = openReplayThreads({ log: silentLogger, lifecycle, count: 2 });
    const learnHere = createJobWorker(playOfKey);
    const levels = [50, 80, 300];
    const there = await Promise.all(levels.map((level) => threads?.learn(jobOf(level), signal)));
    const here = [];
    for (const level of levels) here.push(await learnHere(jobOf(level)));
    expect(there).toEqual(here);
  });

  it('are no more than was said, and others wait', async () => {
    const counts = { started: 0, running: 0, most: 0 };
    const start = (): ReplayThread => {
      counts.started++;
      return {
        async learn({ before }) {
          counts.most = Math.max(counts.most, ++counts.running);
          await new Promise((resolve) => setImmediate(resolve));
          counts.running--;
          return before;
        },
        end: async () => undefined,
      };
    };
    const threads = openReplayThreads({ log: silentLogger, lifecycle, count: 2, start });
    await Promise.all(Array.from({ length: 9 }, (_, level) => threads?.learn(jobOf(level), signal)));
    expect(counts).toEqual({ started: 2, running: 0, most: 2 });
  });

  it('end when they had nothing to do for a while', async () => {
    const { started, start } = playedThreads();
    const threads = openReplayThreads({ log: silentLogger, lifecycle, count: 1, start, idleMs: 5 });
    const learned = threads?.learn(jobOf(1), signal);
    await eventually(
      () => started.length,
      (count) => count === 1,
    );
    expect(started[0]?.ended).toBe(false);
    started[0]?.answer.resolve();
    await learned;
    await eventually(
      () => started[0]?.ended,
      (ended) => ended === true,
    );
  });

  it('tell nothing after one has failed, which is said, so that the replay is done here', async () => {
    const { started, start } = playedThreads();
    const { said, log } = noted();
    const threads = openReplayThreads({ log, lifecycle, count: 1, start });
    const learned = threads?.learn(jobOf(1), signal);
    await eventually(
      () => started.length,
      (count) => count === 1,
    );
    started[0]?.answer.reject(new Error('it ran out of memory'));
    expect(await learned).toBeUndefined();
    expect(await threads?.learn(jobOf(2), signal)).toBeUndefined();
    expect(started.map(({ ended }) => ended)).toEqual([true]);
    expect(said).toEqual(['replay-thread-failed']);
  });

  it('tell nothing where none can be started, so that no row is lost', async () => {
    const { said, log } = noted();
    const start = () => {
      throw new Error('there are too many threads');
    };
    const threads = openReplayThreads({ log, lifecycle, count: 1, start });
    expect(await threads?.learn(jobOf(1), signal)).toBeUndefined();
    expect(await threads?.learn(jobOf(2), signal)).toBeUndefined();
    expect(said).toEqual(['replay-thread-failed']);
  });

  it('reject a replay where the thread ended while it had nothing to do', async () => {
    const thread = startReplayThread();
    await thread.learn(jobOf(1), signal);
    await thread.end();
    await expect(thread.learn(jobOf(2), signal)).rejects.toThrow('ended');
  });

  it('tell nothing where memory is short or there is one processor', async () => {
    const { started, start } = playedThreads();
    const threads = openReplayThreads({
      ...{ log: silentLogger, lifecycle, count: 1, start },
      availableBytes: () => 1024,
    });
    expect(await threads?.learn(jobOf(1), signal)).toBeUndefined();
    expect(started).toEqual([]);
    expect(openReplayThreads({ log: silentLogger, lifecycle, count: 0 })).toBeUndefined();
  });

  it('reject with the reason of who does not wait any more, and go on for others', async () => {
    const threads = openReplayThreads({ log: silentLogger, lifecycle, count: 1 });
    const gone = new AbortController();
    const learned = threads?.learn(jobOf(50), gone.signal);
    const other = threads?.learn(jobOf(60), signal);
    gone.abort(new Error('the workload was forgotten'));
    await expect(learned).rejects.toThrow('the workload was forgotten');
    expect((await other)?.forecaster.length).toBeGreaterThan(1000);
  });
});
