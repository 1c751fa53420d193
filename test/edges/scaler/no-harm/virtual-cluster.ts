import type { ClusterFacts } from '../../../../src/scaler/cluster-facts/cluster-facts.ts';
import {
  renewed,
  type SeenHpa,
  type WorkloadFacts,
} from '../../../../src/scaler/cluster-facts/workload-facts.ts';
import type { VirtualHpa } from './scenario.ts';
import type { World } from './world.ts';

/** Time between two looks at the cluster. */
const lookSeconds = 60;

/** What the cluster of a scenario says at a time of the clock; the same to every replica. */
export function clusterFactsAt(
  { scenario }: World,
  name: string,
  nowSeconds: number,
): WorkloadFacts | undefined {
  const hpa = scenario.hpas[Number(name.slice(1))];
  if (hpa === undefined) return undefined;
  const look = Math.floor(nowSeconds / lookSeconds);
  const sinceSeen = look % hpa.everyLooks;
  const newest = seenHpa(hpa, name, look - sinceSeen);
  // Settings are held for a while where a look sees nothing.
  const seen = renewed(newest, sinceSeen === 0 ? newest : undefined, look * lookSeconds);
  const hasLearned = nowSeconds >= scenario.startSeconds + hpa.learnedAfterSeconds;
  const { leadSeconds: seconds } = hpa;
  const leadTime = hasLearned ? { p95Seconds: seconds, seconds, starts: 40 } : undefined;
  return { seen, leadTime, areStartsRead: true };
}

/** Replicas go up and down with the looks, and are sometimes many times too few or too many. */
function seenHpa(hpa: VirtualHpa, name: string, look: number): SeenHpa {
  const current = hpa.replicas + (look % 3);
  const atSeconds = look * lookSeconds - hpa.ageSeconds;
  return {
    hpa: {
      name: `keda-hpa-${name}`,
      target: { namespace: 'left', kind: 'Deployment', name },
      scaledObject: name,
      fewest: 1,
      most: hpa.replicas + 10,
      current,
      desired: hpa.replicas,
      toleranceUp: hpa.toleranceUp,
      toleranceDown: undefined,
      atSeconds,
    },
    ready: current,
    atSeconds,
  };
}

/** The cluster of a scenario, followed without a source. */
export function createVirtualCluster(world: World): Pick<ClusterFacts, 'follow'> {
  return {
    follow: (_namespace, name) => ({
      at: (nowSeconds) => clusterFactsAt(world, name, nowSeconds),
      isKnown: () => true,
      kept: () => undefined,
      release() {},
    }),
  };
}
