import { workerData } from 'node:worker_threads';
import { systemClock } from '../../platform/clock.ts';
import { sendNotice, serveTasks } from '../../platform/process/serve-tasks.ts';
import { createFileKeeper } from './file-keeper.ts';
import { createMemoryKeeper } from './memory-keeper.ts';
import { doRecordTask, type RecordResult, type RecordTask } from './record-tasks.ts';
import { createSafeKeeper, withoutFile } from './safe-keeper.ts';
import type { WorkerSettings } from './worker-host.ts';

// A thread of its own: a disk that is slow or gone makes no answer to KEDA late.
const { path, mostBytes, mostWorkloads, ...options } = workerData as WorkerSettings;
const memory = createMemoryKeeper({ mostWorkloads });
const keeper =
  path === undefined
    ? withoutFile(memory, { kept: 'memory', warning: undefined })
    : createSafeKeeper({
        path,
        openFile: () => createFileKeeper({ path, mostBytes }),
        memory,
        onState: sendNotice,
      });
const monotonic = () => performance.now() / 1000;

serveTasks<RecordTask, RecordResult>({
  run: (task) => doRecordTask(keeper, task, options, { clock: systemClock, monotonic }),
  close: () => keeper.close(),
});
