import { createConcurrencyLimit } from '../platform/turns/concurrency-limit.ts';
import { createTimeSlices, type TimeSliceOptions } from '../platform/turns/time-slices.ts';
import type { Workload } from './workload.ts';
import type { TriggerRef } from './workload-identity.ts';
import type { Workloads } from './workloads.ts';

/** Opens workloads for RPCs, whatever number of them is asked for at once. */
export interface FirstSight {
  /** The workload of a trigger that is open; undefined at first sight. */
  opened(ref: TriggerRef): Workload | undefined;
  /** Opens the workload of a trigger in its turn. Rejects as opening it does, and with the signal's reason when nobody waits any more. */
  open(ref: TriggerRef, signal?: AbortSignal): Promise<Workload>;
}

/**
 * Opens workloads in slices between which the event loop turns: opening one takes a millisecond, and the first calls about
 * hundreds come in one packet. Namespaces take turns, so that nobody waits for all that another one asks for; within a namespace the
 * order of asking counts.
 */
export function createFirstSight(
  workloads: Pick<Workloads, 'open' | 'opened'>,
  options: TimeSliceOptions = {},
): FirstSight {
  const slices = createTimeSlices({ sliceFor: 'caller', ...options });
  const oneByOne = createConcurrencyLimit(1);
  return {
    opened: workloads.opened,
    open(ref, signal) {
      const open = async () => {
        if (slices.isOver()) await slices.nextTurn();
        return workloads.open(ref);
      };
      return oneByOne.run(open, signal, ref.namespace);
    },
  };
}
