import type { ClusterStanding, LeadTime } from '../../forecast/index.ts';
import { formatDuration } from '../../platform/duration.ts';
import type { Answer } from '../instance.ts';
import type { WorkloadStatusSchema } from '../schemas/workload.ts';

type ClusterJson = Pick<Answer<typeof WorkloadStatusSchema>, 'leadTime' | 'hpaTolerance' | 'replicas'>;

/** What decisions take from the cluster, as JSON. */
export function toClusterJson({ leadTime, hpaTolerance, replicas }: ClusterStanding): ClusterJson {
  return {
    leadTime: {
      seconds: leadTime.seconds,
      from: leadTime.from,
      p95Seconds: leadTime.learned?.p95Seconds ?? null,
      starts: leadTime.learned?.starts ?? null,
      meaning: meaningOf(leadTime),
      warning: leadTime.warning ?? null,
    },
    hpaTolerance,
    replicas:
      replicas === undefined
        ? null
        : {
            current: replicas.current,
            desired: replicas.desired ?? null,
            ready: replicas.ready ?? null,
            min: replicas.fewest ?? null,
            max: replicas.most ?? null,
            at: replicas.atSeconds,
          },
  };
}

/** Where a lead time comes from, in a sentence for people. */
function meaningOf({ seconds, from, learned }: LeadTime): string {
  const lead = formatDuration(Math.ceil(seconds));
  const took = learned && `95% of the last ${learned.starts} pods were ready within ${p95(learned)}`;
  switch (from) {
    case 'trigger':
      return `The trigger says that a pod takes ${lead}${took === undefined ? '' : `; ${took}`}.`;
    case 'cluster':
      return `A pod is taken to need ${lead}: ${took}.`;
    case 'default':
      return `A pod is taken to need ${lead}, which is the server's default: too few starts of its pods are known.`;
  }
}

function p95({ p95Seconds }: NonNullable<LeadTime['learned']>): string {
  return formatDuration(Math.ceil(p95Seconds));
}
