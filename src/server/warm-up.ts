import { within } from '../platform/deadline.ts';
import { type FieldError, invalidFields, toForescaleError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import { createTimeSlices } from '../platform/turns/time-slices.ts';
import type { KnownTrigger, TriggerRef, Workloads } from '../scaler/index.ts';
import type { ServerFile } from './config.ts';

/**
 * Opens the workloads this server should know from the start, in slices between which the event loop turns, because there may be
 * ten thousand. An error in a workload that its file declares is an error of
 * the file and is thrown. An error in a workload that KEDA asked for before a restart concerns that trigger alone and is
 * logged.
 */
export async function warmUp(
  workloads: Workloads,
  declared: NonNullable<ServerFile['workloads']>,
  known: readonly KnownTrigger[],
  options: { readonly timeoutMs: number; readonly log: Logger },
) {
  const { log, timeoutMs } = options;
  const pending = new Set<string>();
  const readings: Promise<void>[] = [];

  const slices = createTimeSlices({ sliceFor: 'caller' });
  async function open(ref: TriggerRef, how: Parameters<Workloads['open']>[1]): Promise<void> {
    if (slices.isOver()) await slices.nextTurn();
    const workload = workloads.open(ref, how);
    const name = `${ref.namespace}/${ref.name}`;
    pending.add(name);
    readings.push(workload.firstHistory.then(() => void pending.delete(name)));
  }

  const fieldErrors: FieldError[] = [];
  for (const [index, { namespace, name, metadata }] of declared.entries()) {
    try {
      await open({ namespace, name, scalerMetadata: metadata }, { declared: true });
    } catch (thrown) {
      const field = `workloads[${index}]`;
      const message = `${field} (${namespace}/${name}): ${toForescaleError(thrown).message}`;
      fieldErrors.push({ field, message });
    }
  }
  if (fieldErrors.length > 0) throw invalidFields('configuration', fieldErrors);

  for (const { askedSecondsAgo, ...ref } of known) {
    try {
      await open(ref, { askedSecondsAgo });
    } catch (thrown) {
      log.warn(
        { namespace: ref.namespace, name: ref.name, error: String(thrown) },
        'known-workload-not-opened',
      );
    }
  }

  const done = within(timeoutMs, Promise.all(readings)).then(
    () => log.info({ workloads: readings.length }, 'warm'),
    () => log.warn({ pending: [...pending] }, 'ready-before-warm'),
  );
  return {
    /** Settles when every workload has been read once, well or not, or when the time is over. */
    done,
    /** Names of the workloads that are still being read. */
    pending: (): readonly string[] => [...pending],
  };
}
