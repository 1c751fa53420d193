import { createTimeSlices, type TimeSliceOptions } from '../platform/turns/time-slices.ts';
import type { Workload } from './workload.ts';
import type { TriggerRef } from './workload-identity.ts';
import type { Workloads } from './workloads.ts';

/** Gives the workload of a trigger, at once where it is open. Rejects or throws as opening it does. */
export type WorkloadOf = (ref: TriggerRef) => Workload | Promise<Workload>;

/**
 * Opens workloads in slices between which the event loop turns, in the order of asking: opening one takes milliseconds, and the
 * first calls about hundreds come in one packet.
 */
export function createFirstSight(
  workloads: Pick<Workloads, 'open' | 'opened'>,
  options: TimeSliceOptions = {},
): WorkloadOf {
  const slices = createTimeSlices(options);
  let before: Promise<unknown> = Promise.resolve();
  return (ref) => {
    const known = workloads.opened(ref);
    if (known !== undefined) return known;
    const opened = before.then(async () => {
      if (slices.isOver()) await slices.nextTurn();
      return workloads.open(ref);
    });
    before = opened.catch(() => undefined);
    return opened;
  };
}
