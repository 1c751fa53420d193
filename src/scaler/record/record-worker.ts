import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../platform/clock.ts';
import { toForescaleError } from '../../platform/errors.ts';
import { createFileKeeper } from './file-keeper.ts';
import { createMemoryKeeper } from './memory-keeper.ts';
import { doRecordTask, type RecordTask } from './record-tasks.ts';
import { createSafeKeeper, withoutFile } from './safe-keeper.ts';
import type { WorkerReply, WorkerSettings } from './worker-host.ts';

// A thread of its own: a disk that is slow or gone makes no answer to KEDA late.
const { path, mostBytes, mostWorkloads, ...options } = workerData as WorkerSettings;
const reply = (message: WorkerReply) => parentPort?.postMessage(message);
const memory = createMemoryKeeper({ mostWorkloads });
const keeper =
  path === undefined
    ? withoutFile(memory, { kept: 'memory', warning: undefined })
    : createSafeKeeper({
        path,
        openFile: () => createFileKeeper({ path, mostBytes }),
        memory,
        onState: (state) => reply({ state }),
      });
const monotonic = () => performance.now() / 1000;

parentPort?.on('message', ({ id, task }: { readonly id: number; readonly task: RecordTask | 'close' }) => {
  if (task === 'close') {
    keeper.close();
    reply({ id, result: undefined });
    parentPort?.close();
    return;
  }
  try {
    reply({ id, result: doRecordTask(keeper, task, options, { clock: systemClock, monotonic }) });
  } catch (error) {
    reply({ id, error: toForescaleError(error).message });
  }
});
