import { getPriority, platform, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { answerOf, createCalendarStudy, type Question, studyOf } from '../../what-if/index.ts';

/**
 * What serves gets nine tenths of a processor that both want. At 19, the lowest priority, a thread on a busy machine came to nothing
 * within a minute. Only on Linux a priority is one thread's own; it can only be lowered, from what the server was started with.
 */
const lower = 10;
const lowest = 19;
if (platform() === 'linux') setPriority(Math.min(lowest, getPriority() + lower));

const question = workerData as Question;
const { demand, study } = studyOf(question);
while (study.advance(Number.POSITIVE_INFINITY));
const calendar = createCalendarStudy(question);
while (calendar?.advance(Number.POSITIVE_INFINITY));
parentPort?.postMessage(answerOf(study, { ...question, demand }, calendar));
