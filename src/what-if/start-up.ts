import type { StartUp } from '../controllers/index.ts';

/** How long replicas take to be ready. */
export interface StartUpModel {
  /** Seconds from a pod on its node until it is ready: one time for all, or times that were seen, which are drawn from evenly. */
  readonly seconds: number | readonly number[];
  /** Where a node must be added for a replica, it waits for the node first. */
  readonly nodes?: NodeModel | undefined;
}

interface NodeModel {
  /** Replicas that fit on one node. */
  readonly replicasPerNode: number;
  /** Seconds until a new node takes pods. */
  readonly delaySeconds: number;
}

/** A node that is not needed for this long is removed: the cluster autoscaler's --scale-down-unneeded-time. */
const nodeIdleSeconds = 600;

/** Consecutive multiples of the golden ratio's fraction fill [0, 1) evenly: draws without chance. */
const goldenStep = (Math.sqrt(5) - 1) / 2;

/** The start-ups of one fleet. `note` is told the number of replicas at every tick. */
export interface StartUps {
  readonly startUp: StartUp;
  note(existing: number, nowSeconds: number): void;
}

export function createStartUps(model: StartUpModel, initialReplicas: number): StartUps {
  const { seconds, nodes } = model;
  if (nodes === undefined) return { startUp: drawFrom(seconds), note: () => {} };
  const own = drawFrom(seconds);
  const pool = createNodePool(nodes, initialReplicas);
  return {
    startUp: (existing, nowSeconds) => {
      const waits = pool.waitSeconds(existing, nowSeconds);
      return waits + (typeof own === 'number' ? own : own(existing, nowSeconds));
    },
    note: pool.note,
  };
}

/** The start-up that 95 of 100 replicas do not exceed, with a wait for a node where nodes are added. */
export function leadTimeOf({ seconds, nodes }: StartUpModel): number {
  return quantile(seconds, 0.95) + (nodes?.delaySeconds ?? 0);
}

/** The mean start-up, which an oracle reckons with; an oracle has the nodes it needs. */
export function meanStartUp({ seconds }: StartUpModel): number {
  return typeof seconds === 'number' ? seconds : seconds.reduce((sum, one) => sum + one, 0) / seconds.length;
}

function quantile(seconds: number | readonly number[], share: number): number {
  if (typeof seconds === 'number') return seconds;
  const sorted = [...seconds].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function drawFrom(seconds: number | readonly number[]): StartUp {
  if (typeof seconds === 'number') return seconds;
  const sorted = [...seconds].sort((a, b) => a - b);
  let drawn = 0;
  return () => {
    drawn++;
    const share = (drawn * goldenStep) % 1;
    return sorted[Math.floor(share * sorted.length)] ?? 0;
  };
}

/** Nodes that fill up in order: replica n is on node n ÷ replicas per node. */
function createNodePool({ replicasPerNode, delaySeconds }: NodeModel, initialReplicas: number) {
  const nodesFor = (replicas: number) => Math.ceil(replicas / replicasPerNode);
  const readyAt: number[] = new Array(nodesFor(initialReplicas)).fill(Number.NEGATIVE_INFINITY);
  const neededAt: number[] = new Array(readyAt.length).fill(Number.NEGATIVE_INFINITY);
  return {
    /** Seconds until the node of the next replica takes it. */
    waitSeconds(existing: number, nowSeconds: number): number {
      const node = Math.floor(existing / replicasPerNode);
      while (readyAt.length <= node) {
        readyAt.push(nowSeconds + delaySeconds);
        neededAt.push(nowSeconds);
      }
      return Math.max(0, readyAt[node]! - nowSeconds);
    },
    note(existing: number, nowSeconds: number): void {
      const needed = nodesFor(existing);
      for (let node = 0; node < needed && node < neededAt.length; node++) neededAt[node] = nowSeconds;
      while (readyAt.length > needed && nowSeconds - neededAt.at(-1)! >= nodeIdleSeconds) {
        readyAt.pop();
        neededAt.pop();
      }
    },
  };
}
