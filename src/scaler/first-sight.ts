import { ForescaleError } from '../platform/errors.ts';
import { createCounts } from '../platform/turns/counts.ts';
import { createOneByOne } from '../platform/turns/one-by-one.ts';
import type { TimeSliceOptions } from '../platform/turns/time-slices.ts';
import type { Workloads } from './directory/workloads.ts';
import type { Workload } from './workload.ts';
import type { TriggerRef } from './workload-identity.ts';

/** Opens workloads for RPCs, whatever number of them is asked for at once. */
export interface FirstSight {
  /** The workload of a trigger that is open; undefined at first sight. */
  opened(ref: TriggerRef): Workload | undefined;
  /** Opens the workload of a trigger in its turn. Rejects as opening it does, and with the signal's reason when nobody waits any more. */
  open(ref: TriggerRef, signal?: AbortSignal): Promise<Workload>;
}

/**
 * Calls of one namespace that wait for workloads to be opened. A workload is opened also when its call is over, because KEDA asks
 * again and then has its answer, so that the deadline of calls does not bound how many wait.
 */
const mostWaiting = 5_000;

/** Opens workloads one by one, because opening one takes a millisecond; namespaces take turns. */
export function createFirstSight(
  workloads: Pick<Workloads, 'open' | 'opened'>,
  options: TimeSliceOptions & { readonly mostWaiting?: number } = {},
): FirstSight {
  const oneByOne = createOneByOne(options);
  const { mostWaiting: most = mostWaiting } = options;
  const waiting = createCounts();
  return {
    opened: workloads.opened,
    async open(ref, signal) {
      const { namespace } = ref;
      if (waiting.of(namespace) >= most) throw notOpened(ref);
      waiting.add(namespace, 1);
      try {
        return await oneByOne(() => workloads.open(ref), namespace, signal);
      } finally {
        waiting.add(namespace, -1);
      }
    },
  };
}

/** Why there is no value for a workload whose turn to be opened has not come. */
export function notOpened({ namespace, name }: TriggerRef): ForescaleError {
  const message = `${namespace}/${name}: nothing observed yet; so many new workloads are asked for that its turn to be opened has not come, ask again`;
  return new ForescaleError('overloaded', message);
}
