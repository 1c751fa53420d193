import type { DecisionRecord, RecordAnswer, RecordedDecision, RecordKey } from '../../forecast/index.ts';
import { within } from '../../platform/deadline.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { nextTurn } from '../../platform/turns/time-slices.ts';
import type { Noted } from './keeper.ts';
import { openRecordHost, type RecordHostOptions } from './record-host.ts';
import type { RecordResult, RecordTask } from './record-tasks.ts';

/** Time between two writes of what was decided. */
const flushMs = 1_000;
/** Decisions that are handed to the other thread at once: copying a thousand of them takes tens of milliseconds. */
const handedAtOnce = 100;
/** Decisions that wait to be written at most, should a disk hang; the oldest of them are lost first. */
const mostWaiting = 20_000;
/** Questions that wait for an answer at once, and how long one may wait. */
const mostQuestions = 32;
const questionMs = 10_000;

/** The record of decisions, to which decisions are added. */
export interface OpenRecord extends DecisionRecord {
  /** Takes a decision. It costs nothing: it is written within a second, by another thread. */
  note(key: RecordKey, decision: RecordedDecision): void;
  close(): Promise<void>;
}

/** Opens the record. It always opens: where the file cannot be used, some hours are kept in memory, and the log says why. */
export function openRecord(options: RecordHostOptions): OpenRecord {
  const { log } = options;
  const host = openRecordHost(options);
  let waiting: Noted[] = [];
  let lost = 0;
  /** One write at a time, so that a disk that hangs has no queue of them. */
  let writing: Promise<void> | undefined;
  let questions = 0;

  /** Hands on what waits, some at a time, and settles when it was written. */
  function flush(): Promise<void> {
    writing ??= write().finally(() => {
      writing = undefined;
    });
    return writing;
  }

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const noted = waiting.splice(0, handedAtOnce);
      await host.run({ kind: 'append', noted }).catch((error: unknown) => {
        log.warn({ error: String(error), decisions: noted.length }, 'decisions-not-recorded');
      });
      if (waiting.length > 0) await nextTurn();
    }
  }

  const timer = setInterval(() => {
    if (lost > 0) log.warn({ decisions: lost }, 'decisions-not-recorded');
    lost = 0;
    void flush();
  }, flushMs).unref();

  async function ask(task: RecordTask): Promise<RecordResult> {
    if (questions >= mostQuestions) {
      throw new ForescaleError('overloaded', 'the record is asked too much at once; ask again');
    }
    questions++;
    try {
      // What was decided before is in the answer.
      const answered = async (signal: AbortSignal) => {
        await flush();
        signal.throwIfAborted();
        return await host.run(task);
      };
      return await within(questionMs, answered, {
        error: () =>
          new ForescaleError('overloaded', 'the record did not answer in time; ask for less of it'),
      });
    } finally {
      questions--;
    }
  }

  return {
    note({ namespace, name, trigger }, decision) {
      waiting.push({ namespace, name, trigger, decision });
      if (waiting.length <= mostWaiting) return;
      lost += waiting.length - mostWaiting / 2;
      waiting = waiting.slice(-mostWaiting / 2);
    },
    triggers: async (namespace, name) =>
      (await ask({ kind: 'triggers', namespace, name })) as readonly string[],
    at: async (key, atSeconds) => (await ask({ kind: 'at', key, atSeconds })) as RecordAnswer,
    read: async (key, span) => (await ask({ kind: 'span', key, span })) as RecordAnswer,
    async close() {
      clearInterval(timer);
      await flush();
      await host.close();
    },
  };
}
