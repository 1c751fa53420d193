import { workerData } from 'node:worker_threads';
import { systemClock } from '../../../platform/clock.ts';
import { sendNotice, serveTasks } from '../../../platform/process/serve-tasks.ts';
import { type ArchiveKeeperOptions, openArchiveKeeper } from './archive-keeper.ts';
import { type ArchiveResult, type ArchiveTask, doArchiveTask } from './archive-tasks.ts';
import { createSafeArchive } from './safe-archive.ts';

// A thread of its own: a disk that is slow or gone makes no answer to KEDA late.
const settings = workerData as ArchiveKeeperOptions;
const archive = createSafeArchive({
  path: settings.path,
  openFile: () => openArchiveKeeper(settings),
  onWarning: (warning) => sendNotice({ warning }),
});
const monotonic = () => performance.now() / 1000;

serveTasks<ArchiveTask, ArchiveResult>({
  run: (task) => doArchiveTask(archive, task, { clock: systemClock, monotonic }),
  close: () => archive.close(),
});
