import { platform, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { answerOf, type Question, studyOf } from '../../what-if/index.ts';

/**
 * What serves gets nine tenths of a processor that both want. At 19, the lowest priority, a thread on a busy machine came to nothing
 * within a minute. Only on Linux a priority is one thread's own.
 */
const lowPriority = 10;
if (platform() === 'linux') setPriority(lowPriority);

const question = workerData as Question;
const { demand, study } = studyOf(question);
while (study.advance(Number.POSITIVE_INFINITY));
parentPort?.postMessage(answerOf(study, { ...question, demand }));
