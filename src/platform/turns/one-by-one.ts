import { createConcurrencyLimit } from './concurrency-limit.ts';
import { createTimeSlices, type TimeSliceOptions } from './time-slices.ts';

/** Runs `work` in its turn. Rejects as it throws, and with the signal's reason when that aborts first. */
export type OneByOne = <T>(work: () => T, group: string, signal?: AbortSignal) => Promise<T>;

/**
 * Runs pieces of work that callers wait for one after the other, in slices between which the event loop turns, because hundreds
 * may be asked for in one turn. Groups take turns, so that nobody waits for all that another one asks for; within a group the
 * order of asking counts.
 */
export function createOneByOne(options: TimeSliceOptions = {}): OneByOne {
  const slices = createTimeSlices({ sliceFor: 'caller', ...options });
  const one = createConcurrencyLimit(1);
  return (work, group, signal) => {
    const inSlice = async () => {
      if (slices.isOver()) await slices.nextTurn();
      return work();
    };
    return one.run(inSlice, signal, group);
  };
}
