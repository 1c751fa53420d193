import type { ClusterStanding, LeadTime } from '../../forecast/index.ts';
import { formatDuration } from '../../platform/duration.ts';
import type { LearnedLeadTime } from './lead-time/learn-lead-time.ts';
import { replicasOf, type WorkloadFacts } from './workload-facts.ts';

/** Tolerance of an HPA that does not set its own: the default of the controller's --horizontal-pod-autoscaler-tolerance. */
const usualTolerance = 0.1;
/** Oldest number of replicas that is that of now: it is read once a minute, from a sample that may be a scrape interval old. */
const freshReplicasSeconds = 240;

/** What the trigger says itself. */
interface Given {
  readonly leadTimeSeconds: number | 'auto';
  readonly hpaTolerance: number | 'auto';
}

type Facts = Pick<WorkloadFacts, 'seen' | 'leadTime'>;

/** What decisions take from the trigger, else from the cluster, else from the server's defaults. */
export function clusterStanding(
  given: Given,
  defaults: { readonly leadTimeSeconds: number },
  facts: Facts | undefined,
  nowSeconds: number,
): ClusterStanding {
  const replicas = replicasOf(facts?.seen);
  const isFresh = replicas !== undefined && Math.abs(nowSeconds - replicas.atSeconds) <= freshReplicasSeconds;
  return {
    leadTime: leadTime(given.leadTimeSeconds, facts?.leadTime, defaults.leadTimeSeconds),
    hpaTolerance: hpaTolerance(given.hpaTolerance, facts),
    hasHpa: facts?.seen !== undefined,
    replicas: isFresh ? replicas : undefined,
  };
}

function leadTime(given: number | 'auto', learned: LearnedLeadTime | undefined, byDefault: number): LeadTime {
  if (given !== 'auto') {
    const warning = learned && farOff(given, learned);
    return { seconds: given, from: 'trigger', learned, warning };
  }
  if (learned !== undefined)
    return { seconds: learned.seconds, from: 'cluster', learned, warning: undefined };
  return { seconds: byDefault, from: 'default', learned: undefined, warning: undefined };
}

function hpaTolerance(given: number | 'auto', facts: Facts | undefined): ClusterStanding['hpaTolerance'] {
  if (given !== 'auto') return { up: given, down: given, from: 'trigger' };
  const { toleranceUp, toleranceDown } = facts?.seen?.hpa ?? {};
  const from = toleranceUp === undefined && toleranceDown === undefined ? 'default' : 'cluster';
  return { up: toleranceUp ?? usualTolerance, down: toleranceDown ?? usualTolerance, from };
}

/** A lead time by this factor too short leaves demand unserved; one that is too long by more keeps replicas that nobody needs. */
const tooShortRatio = 1.5;
const tooLongRatio = 2;
const tooLongSeconds = 60;

function farOff(givenSeconds: number, { p95Seconds, starts }: LearnedLeadTime): string | undefined {
  const isShort = givenSeconds * tooShortRatio < p95Seconds;
  const isLong = givenSeconds > p95Seconds * tooLongRatio && givenSeconds > p95Seconds + tooLongSeconds;
  if (!isShort && !isLong) return undefined;
  const [given, learned] = [formatDuration(givenSeconds), formatDuration(Math.ceil(p95Seconds))];
  const why = isShort
    ? 'pods come too late for what is decided'
    : 'replicas are there longer before they are needed than they take to start';
  return `leadTime: ${given} is far from the ${learned} within which 95 % of the last ${starts} pods were ready: ${why}; leave it out to have it learned`;
}
