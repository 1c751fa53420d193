import { parentPort } from 'node:worker_threads';
import { createJobWorker, type ReplayJob } from '../../forecast/replays/replay-job.ts';
import { lowerThreadPriority } from '../../platform/process/thread-priority.ts';
import { playOfKey } from '../../scaler/service-level/play-key.ts';

lowerThreadPriority();

const learn = createJobWorker(playOfKey);
parentPort?.on('message', async (job: ReplayJob) => {
  parentPort?.postMessage(await learn(job));
});
