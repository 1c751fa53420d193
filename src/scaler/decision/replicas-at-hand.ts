/** What the cluster said about the replicas of a workload. */
export interface SeenReplicas {
  /** Replicas that the HPA had, and those it wanted to have. */
  readonly current: number;
  readonly desired?: number | undefined;
  /** The fewest that the HPA keeps; KEDA wakes a workload with this many. */
  readonly fewest?: number | undefined;
  /** Unix seconds of the sample. */
  readonly atSeconds: number;
}

/** Oldest count that is used. Counts are read once a minute, from samples that may be a scrape interval old. */
const oldestSeconds = 240;
/** The HPA reports its count at the beginning of a sync, and may act on a value that was served one sync before. */
const actsOnSeconds = 45;

interface Asked {
  readonly replicas: number;
  readonly fromSeconds: number;
}

/**
 * Follows which numbers of replicas an HPA may have: what the cluster last said, and whatever was asked for since, because the HPA
 * may have acted on it or not yet. Until it has followed for that long nothing is known.
 */
export function createReplicasAtHand() {
  /** Oldest first; each holds until the next. */
  let asked: readonly Asked[] = [];
  return {
    /** Takes the signal that is served from `nowSeconds` on, in targets. */
    note(targets: number, nowSeconds: number): void {
      const replicas = Math.ceil(targets * (1 - 1e-9));
      const newest = asked.at(-1);
      // After the clock went back it is not known what was asked for when.
      if (newest !== undefined && newest.fromSeconds > nowSeconds) asked = [];
      else if (newest?.replicas === replicas) return;
      const needed = nowSeconds - oldestSeconds - actsOnSeconds;
      asked = [...heldAfter(asked, needed), { replicas, fromSeconds: nowSeconds }];
    },
    /** Every number of replicas that the HPA may have; undefined = not known. */
    possible(seen: SeenReplicas | undefined, nowSeconds: number): readonly number[] | undefined {
      if (seen === undefined || Math.abs(nowSeconds - seen.atSeconds) > oldestSeconds) return undefined;
      const sinceSeconds = seen.atSeconds - actsOnSeconds;
      const [first] = asked;
      if (first === undefined || first.fromSeconds > sinceSeconds) return undefined;
      const { current, desired = current, fewest = 1 } = seen;
      return [current, desired, fewest, ...heldAfter(asked, sinceSeconds).map(({ replicas }) => replicas)];
    },
  };
}

/** What was in force at a time or later. */
function heldAfter(asked: readonly Asked[], seconds: number): readonly Asked[] {
  const next = asked.findIndex(({ fromSeconds }) => fromSeconds > seconds);
  return asked.slice(next < 0 ? -1 : Math.max(0, next - 1));
}
