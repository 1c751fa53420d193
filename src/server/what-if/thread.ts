import { parentPort, workerData } from 'node:worker_threads';
import { lowerThreadPriority } from '../../platform/process/thread-priority.ts';
import { answerOf, createCalendarStudy, type Question, studyOf } from '../../what-if/index.ts';

lowerThreadPriority();

const question = workerData as Question;
const { demand, study } = studyOf(question);
while (study.advance(Number.POSITIVE_INFINITY));
const calendar = createCalendarStudy(question);
while (calendar?.advance(Number.POSITIVE_INFINITY));
parentPort?.postMessage(answerOf(study, { ...question, demand }, calendar));
