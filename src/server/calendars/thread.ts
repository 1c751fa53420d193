import { parentPort, workerData } from 'node:worker_threads';
import { readCalendar } from '../../forecast/index.ts';
import type { ReadingReply, ReadingTask } from './read-in-thread.ts';

const { definition, source, span } = workerData as ReadingTask;
const reply: ReadingReply = await readCalendar(definition, source, span).then(
  (reading) => ({ reading }),
  (error: unknown) => ({ failure: error instanceof Error ? error.message : String(error) }),
);
parentPort?.postMessage(reply);
