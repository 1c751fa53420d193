/** A group of replicas that were requested together and become ready together. */
interface StartingReplicas {
  readonly readyAtSeconds: number;
  readonly replicas: number;
}

/** A fleet whose replicas take time to start. */
export interface Fleet {
  readonly ready: number;
  /** Groups of replicas that are not ready yet, in the order of the requests. */
  readonly starting: readonly StartingReplicas[];
}

/** A fleet in which all replicas are ready. */
export function runningFleet(replicas: number): Fleet {
  return { ready: replicas, starting: [] };
}

/** Number of replicas that are ready at `nowSeconds`. */
export function readyReplicas(fleet: Fleet, nowSeconds: number): number {
  return fleet.starting.reduce(
    (ready, group) => (group.readyAtSeconds <= nowSeconds ? ready + group.replicas : ready),
    fleet.ready,
  );
}

/**
 * The fleet after a request for `replicas`. New replicas become ready `startUpSeconds` later. Replicas that are not ready are
 * removed first, newest first, and then ready ones, as the ReplicaSet controller ranks them
 * (kubernetes pkg/controller/controller_utils.go, ActivePodsWithRanks).
 */
export function resizeFleet(
  fleet: Fleet,
  replicas: number,
  when: { readonly nowSeconds: number; readonly startUpSeconds: number },
): Fleet {
  const ready = readyReplicas(fleet, when.nowSeconds);
  const starting = fleet.starting.filter((group) => group.readyAtSeconds > when.nowSeconds);
  const existing = starting.reduce((sum, group) => sum + group.replicas, ready);
  if (replicas >= existing) {
    const added = replicas - existing;
    if (added === 0) return { ready, starting };
    if (when.startUpSeconds <= 0) return { ready: ready + added, starting };
    const readyAtSeconds = when.nowSeconds + when.startUpSeconds;
    return { ready, starting: [...starting, { readyAtSeconds, replicas: added }] };
  }
  const kept: StartingReplicas[] = [];
  let room = Math.max(0, replicas - ready);
  for (const group of starting) {
    const stays = Math.min(group.replicas, room);
    room -= stays;
    if (stays > 0) kept.push({ ...group, replicas: stays });
  }
  return { ready: Math.min(ready, replicas), starting: kept };
}
