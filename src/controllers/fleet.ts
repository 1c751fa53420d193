import type { StateCopier, Stateful } from './state-copier.ts';

/** A fleet whose replicas take time to start. Times do not fall from call to call. */
export interface Fleet extends Stateful {
  /** Number of replicas that serve at this moment. */
  ready(nowSeconds: number): number;
  /** Number of replicas that exist, ready or not: what was asked for last. */
  readonly existing: number;
  /**
   * Starts or removes replicas until there are `replicas`. Those that are not ready are removed first, newest first, and then
   * ready ones, as the ReplicaSet controller ranks them (kubernetes pkg/controller/controller_utils.go, ActivePodsWithRanks).
   */
  resize(replicas: number, nowSeconds: number): void;
}

/**
 * Seconds from asking for a replica until it is ready: for all of them, or asked anew for each, by the number of replicas that exist
 * without it.
 */
export type StartUp = number | ((existing: number, nowSeconds: number) => number);

/** A fleet of which `replicas` are ready. */
export function createFleet(replicas: number, startUpSeconds: StartUp): Fleet {
  const starting = createStarting();
  let existing = replicas;

  return {
    copyState(copier) {
      existing = copier.number(existing);
      starting.copyState(copier);
    },
    ready: (nowSeconds) => existing - starting.count(nowSeconds),
    get existing() {
      return existing;
    },
    resize(wanted, nowSeconds) {
      const notReady = starting.count(nowSeconds);
      const before = existing;
      const added = wanted - before;
      existing = wanted;
      if (added < 0) starting.remove(Math.min(-added, notReady));
      else if (typeof startUpSeconds === 'number') starting.add(added, nowSeconds + startUpSeconds);
      else
        for (let i = 0; i < added; i++) starting.add(1, nowSeconds + startUpSeconds(before + i, nowSeconds));
    },
  };
}

/** Groups of replicas that were requested together and become ready together, in the order of the requests. */
function createStarting() {
  const readyAt: number[] = [];
  const replicas: number[] = [];
  let groups = 0;
  let total = 0;
  let earliestSeconds = Number.POSITIVE_INFINITY;

  return {
    copyState(copier: StateCopier): void {
      copier.list(readyAt);
      copier.list(replicas);
      groups = copier.number(groups);
      total = copier.number(total);
      earliestSeconds = copier.number(earliestSeconds);
    },
    /** Number of replicas that are not ready at `nowSeconds`. */
    count(nowSeconds: number): number {
      if (nowSeconds < earliestSeconds) return total;
      let kept = 0;
      total = 0;
      earliestSeconds = Number.POSITIVE_INFINITY;
      for (let i = 0; i < groups; i++) {
        if (readyAt[i]! <= nowSeconds) continue;
        readyAt[kept] = readyAt[i]!;
        replicas[kept] = replicas[i]!;
        earliestSeconds = Math.min(earliestSeconds, readyAt[kept]!);
        total += replicas[kept]!;
        kept++;
      }
      groups = kept;
      return total;
    },
    add(count: number, readyAtSeconds: number): void {
      if (count <= 0) return;
      readyAt[groups] = readyAtSeconds;
      replicas[groups] = count;
      groups++;
      total += count;
      earliestSeconds = Math.min(earliestSeconds, readyAtSeconds);
    },
    /** Removes replicas, those that were requested last first. */
    remove(count: number): void {
      total -= count;
      for (let left = count; left > 0; ) {
        const last = groups - 1;
        const removed = Math.min(left, replicas[last]!);
        replicas[last]! -= removed;
        left -= removed;
        if (replicas[last] === 0) groups--;
      }
    },
  };
}
