import type { Decision, WorkloadDirectory, WorkloadView } from '../../forecast/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { createTimeSlices } from '../../platform/turns/time-slices.ts';
import { toListItem } from '../overview/list-item.ts';
import type { ServerMode } from '../peers.ts';

/** Something new about a workload. */
export interface Change {
  /** A decision that differs from the last, a new row of the history, or a workload that is known no longer. */
  readonly event: 'decision' | 'row' | 'gone';
  readonly workload: Pick<WorkloadView, 'namespace' | 'name' | 'trigger'>;
  readonly data: object;
}

type Listener = (change: Change) => void;

/** What was last told of a workload. */
interface Told {
  decision: Decision | undefined;
  newestSeconds: number;
  /** The entry of the list as JSON: a decision that says the same again is not told again. */
  text: string;
}

/**
 * Looks through the workloads from time to time, in slices and only while somebody listens, and tells what is new. Nothing that KEDA
 * waits for is slower by it.
 */
export function createLiveChanges(
  {
    directory,
    serverMode,
    clock,
  }: {
    readonly directory: WorkloadDirectory;
    readonly serverMode: () => ServerMode;
    readonly clock: Clock;
  },
  everyMs: number,
) {
  const listeners = new Set<Listener>();
  let told = new Map<WorkloadView, Told>();
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;

  const tell = (change: Change) => {
    for (const listener of listeners) listener(change);
  };

  const itemOf = (workload: WorkloadView) =>
    toListItem(workload, { serverMode: serverMode(), nowSeconds: clock(), isOnly: false });

  function decided(workload: WorkloadView, item = itemOf(workload)): Change {
    return { event: 'decision', workload, data: { ...item, at: workload.decision()?.atSeconds ?? null } };
  }

  function look(workload: WorkloadView, before: Told | undefined): Told {
    const decision = workload.decision();
    const newestSeconds = workload.model.newestSeconds();
    if (before !== undefined && before.newestSeconds !== newestSeconds) {
      tell({ event: 'row', workload, data: { ...namesOf(workload), newestRowAt: newestSeconds } });
    }
    if (before !== undefined && before.decision === decision) return { ...before, newestSeconds };
    const item = itemOf(workload);
    const text = JSON.stringify(item);
    if (before !== undefined && before.text !== text) {
      tell(decided(workload, item));
    }
    return { decision, newestSeconds, text };
  }

  async function lookAtAll(): Promise<void> {
    const slices = createTimeSlices();
    const now = new Map<WorkloadView, Told>();
    for (const workload of directory.list()) {
      if (slices.isOver()) await slices.nextTurn();
      now.set(workload, look(workload, told.get(workload)));
    }
    for (const workload of told.keys()) {
      if (!now.has(workload)) tell({ event: 'gone', workload, data: namesOf(workload) });
    }
    told = now;
  }

  function tick(): void {
    if (isLooking) return;
    isLooking = true;
    void lookAtAll().finally(() => {
      isLooking = false;
    });
  }

  return {
    /** The decision of now, as one that is new would be told. */
    decisionOf: (workload: WorkloadView) => decided(workload),
    /** Calls `listener` for each change from now on, until the returned function is called. */
    listen(listener: Listener): () => void {
      listeners.add(listener);
      if (timer === undefined) {
        told = new Map();
        tick();
        timer = setInterval(tick, everyMs).unref();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

export type LiveChanges = ReturnType<typeof createLiveChanges>;

function namesOf({ namespace, name, trigger }: Change['workload']) {
  return { namespace, name, trigger };
}
