import { copyPairs } from './number-pairs.ts';
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
  return new StartingFleet(replicas, startUpSeconds);
}

/**
 * A class, as all of which a server keeps several for each of ten thousand workloads: its methods are there once, and an object
 * literal with a getter keeps its properties in a dictionary of half a kilobyte.
 */
class StartingFleet implements Fleet {
  existing: number;
  readonly #startUp: StartUp;
  readonly #starting = new Starting();

  constructor(replicas: number, startUp: StartUp) {
    this.existing = replicas;
    this.#startUp = startUp;
  }

  copyState(copier: StateCopier): void {
    this.existing = copier.number(this.existing);
    this.#starting.copyState(copier);
  }

  ready(nowSeconds: number): number {
    return this.existing - this.#starting.count(nowSeconds);
  }

  resize(wanted: number, nowSeconds: number): void {
    const starting = this.#starting;
    const startUp = this.#startUp;
    const notReady = starting.count(nowSeconds);
    const before = this.existing;
    const added = wanted - before;
    this.existing = wanted;
    if (added < 0) starting.remove(Math.min(-added, notReady));
    else if (typeof startUp === 'number') starting.add(added, nowSeconds + startUp);
    else for (let i = 0; i < added; i++) starting.add(1, nowSeconds + startUp(before + i, nowSeconds));
  }
}

/** Groups of replicas that were requested together and become ready together, in the order of the requests. */
class Starting {
  /** Of each group when it becomes ready, and its replicas; behind the groups there may be what was of others. */
  readonly #pairs: number[] = [];
  #groups = 0;
  #total = 0;
  #earliestSeconds = Number.POSITIVE_INFINITY;

  copyState(copier: StateCopier): void {
    copyPairs(copier, this.#pairs);
    this.#groups = copier.number(this.#groups);
    this.#total = copier.number(this.#total);
    this.#earliestSeconds = copier.number(this.#earliestSeconds);
  }

  /** Number of replicas that are not ready at `nowSeconds`. */
  count(nowSeconds: number): number {
    if (nowSeconds < this.#earliestSeconds) return this.#total;
    const pairs = this.#pairs;
    const end = 2 * this.#groups;
    let kept = 0;
    let total = 0;
    let earliestSeconds = Number.POSITIVE_INFINITY;
    for (let at = 0; at < end; at += 2) {
      const readySeconds = pairs[at]!;
      if (readySeconds <= nowSeconds) continue;
      const replicas = pairs[at + 1]!;
      pairs[kept] = readySeconds;
      pairs[kept + 1] = replicas;
      earliestSeconds = Math.min(earliestSeconds, readySeconds);
      total += replicas;
      kept += 2;
    }
    this.#groups = kept / 2;
    this.#total = total;
    this.#earliestSeconds = earliestSeconds;
    return total;
  }

  add(count: number, readyAtSeconds: number): void {
    if (count <= 0) return;
    this.#pairs[2 * this.#groups] = readyAtSeconds;
    this.#pairs[2 * this.#groups + 1] = count;
    this.#groups++;
    this.#total += count;
    this.#earliestSeconds = Math.min(this.#earliestSeconds, readyAtSeconds);
  }

  /** Removes replicas, those that were requested last first. */
  remove(count: number): void {
    const pairs = this.#pairs;
    this.#total -= count;
    for (let left = count; left > 0; ) {
      const last = 2 * this.#groups - 1;
      const removed = Math.min(left, pairs[last]!);
      pairs[last]! -= removed;
      left -= removed;
      if (pairs[last] === 0) this.#groups--;
    }
  }
}
