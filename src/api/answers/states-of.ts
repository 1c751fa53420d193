import type { WorkloadDirectory } from '../../forecast/index.ts';
import { createTimeSlices } from '../../platform/turns/time-slices.ts';
import type { ServerMode } from '../peers.ts';
import { standingOf } from './standing.ts';

/** How many workloads a server has, and in which states; the event loop turns in between. */
export async function statesOf(directory: WorkloadDirectory, serverMode: () => ServerMode) {
  const byState: Record<string, number> = {};
  const workloads = directory.list();
  const slices = createTimeSlices({ sliceFor: 'caller' });
  for (const workload of workloads) {
    if (slices.isOver()) await slices.nextTurn();
    const { state } = standingOf(workload, workload.decision(), serverMode());
    byState[state] = (byState[state] ?? 0) + 1;
  }
  return { total: workloads.length, byState };
}
