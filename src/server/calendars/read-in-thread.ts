import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type {
  CalendarDefinition,
  CalendarReading,
  CalendarSpan,
  CalendarText,
} from '../../forecast/index.ts';
import { within } from '../../platform/deadline.ts';
import { createConcurrencyLimit } from '../../platform/turns/concurrency-limit.ts';

/** What a thread reads. */
export interface ReadingTask {
  readonly definition: CalendarDefinition;
  readonly source: CalendarText | undefined;
  readonly span: CalendarSpan;
}

export type ReadingReply = { readonly reading: CalendarReading } | { readonly failure: string };

const threadFile = new URL(`./thread${extname(import.meta.url)}`, import.meta.url);
/** Memory of the thread, MiB: holidays take 30, a file of ten megabytes 60. */
const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 8 };
/** Longer takes only a calendar that means harm, on whatever machine. */
const longestMs = 60_000;
/** One at a time, because memory is short where decisions are made. */
const turns = createConcurrencyLimit(1);

/** Reads a calendar in a thread of its own, which has ended when this settles. Rejects with an error that says what is wrong with it. */
export function readInThread(
  { definition, source, span }: ReadingTask,
  signal: AbortSignal,
): Promise<CalendarReading> {
  // Certificates, headers and tokens are for who fetches it.
  const { name, holidays, days, events, timeZone, kind, like, ratio, ignore, ramp } = definition;
  const told = { name, holidays, days, events, timeZone, kind, like, ratio, ignore, ramp };
  const workerData: ReadingTask = { definition: JSON.parse(JSON.stringify(told)), source, span };
  return turns.run(
    async () => {
      const thread = new Worker(threadFile, { workerData, resourceLimits, execArgv: [] });
      const answer = Promise.withResolvers<ReadingReply>();
      thread.once('message', answer.resolve);
      thread.once('error', answer.reject);
      thread.once('exit', () => answer.reject(new Error('its thread ended')));
      try {
        const reply = await within(longestMs, answer.promise, { signal });
        if ('failure' in reply) throw new Error(reply.failure);
        return reply.reading;
      } finally {
        await thread.terminate();
      }
    },
    signal,
    '',
  );
}
