import { systemClock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { Lifecycle } from '../platform/process/lifecycle.ts';
import { createKnownWorkloadsFile, type Workloads } from '../scaler/index.ts';
import type { ServerFile } from './config.ts';
import { warmUp } from './warm-up.ts';

/** Longest time the server waits for the first read of known and declared workloads before it reports itself ready. */
const warmUpMs = 60_000;
const housekeepingMs = 60_000;

/**
 * Opens the workloads that are declared in the server's file or known from before a restart. Then, once a minute, it removes
 * workloads that KEDA no longer asks for and saves the others; it saves them once more when the server closes.
 */
export async function keepWorkloads(
  workloads: Workloads,
  options: {
    readonly file: ServerFile;
    readonly stateDir: string | undefined;
    readonly log: Logger;
  },
  lifecycle: Lifecycle,
): Promise<ReturnType<typeof warmUp>> {
  const { file, stateDir, log } = options;
  const known =
    stateDir === undefined ? undefined : createKnownWorkloadsFile(stateDir, { clock: systemClock, log });
  const warm = warmUp(workloads, file.workloads ?? [], (await known?.load()) ?? [], {
    timeoutMs: warmUpMs,
    log,
  });
  const housekeeping = setInterval(() => {
    workloads.forgetIdle();
    void known?.save(workloads.refs());
  }, housekeepingMs);
  lifecycle.onClose('housekeeping', async () => {
    clearInterval(housekeeping);
    await known?.save(workloads.refs());
  });
  return warm;
}
