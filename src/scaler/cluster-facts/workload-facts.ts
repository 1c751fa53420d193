import type { ClusterStanding } from '../../forecast/index.ts';
import type { Hpa, ScaleTarget } from './hpas.ts';
import type { LearnedLeadTime } from './lead-time/learn-lead-time.ts';

/** Longest time for which the settings of an HPA hold that is not seen any more: its exporter may be restarting. */
const heldSeconds = 900;

/** What the cluster said about the HPA of one workload, and as of when. */
export interface SeenHpa {
  readonly hpa: Hpa;
  /** Replicas that are ready, of kinds of objects that export them. */
  readonly ready: number | undefined;
  /** Unix seconds of the question. */
  readonly atSeconds: number;
}

/** What the cluster says of one workload. */
export interface WorkloadFacts {
  readonly seen: SeenHpa | undefined;
  /** Undefined until there were enough starts. */
  readonly leadTime: LearnedLeadTime | undefined;
  /** Whether all the starts of the past were read, so that the lead time is what there is to learn. */
  readonly areStartsRead: boolean;
}

/** What is known of the HPA now: what is seen, else the settings of what was seen a while ago, without its counts. */
export function renewed(
  before: SeenHpa | undefined,
  now: SeenHpa | undefined,
  nowSeconds: number,
): SeenHpa | undefined {
  if (now !== undefined) return now;
  if (before === undefined || nowSeconds - before.atSeconds > heldSeconds) return undefined;
  return { ...before, hpa: { ...before.hpa, current: undefined, desired: undefined }, ready: undefined };
}

/** Replicas and bounds of a workload's HPA; undefined where the number of its replicas is not known. */
export function replicasOf(seen: SeenHpa | undefined): ClusterStanding['replicas'] {
  if (seen === undefined) return undefined;
  const { current, desired, fewest, most, atSeconds = seen.atSeconds } = seen.hpa;
  return current === undefined ? undefined : { current, desired, fewest, most, ready: seen.ready, atSeconds };
}

/** The object whose pods are those of a workload: what its HPA scales, else the Deployment of its name. */
export function targetOf(seen: SeenHpa | undefined, namespace: string, name: string): ScaleTarget {
  return seen?.hpa.target ?? { namespace, kind: 'Deployment', name };
}
