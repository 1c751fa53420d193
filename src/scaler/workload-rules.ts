import type { ClusterStanding, DemandModel } from '../forecast/index.ts';
import { decisionWindowSeconds, type Lags, type ScalingPolicy } from './decision/policy.ts';
import type { ServiceRule } from './service-level/service-rule.ts';
import type { TriggerSettings } from './trigger-metadata.ts';

/** Defaults that the server sets for every workload. */
export interface WorkloadDefaults {
  readonly lags: Lags;
  /** Time from a decision to a ready pod, where the trigger's `leadTime` is `auto`. */
  readonly leadTimeSeconds: number;
  readonly freshSeconds: number;
  readonly blindSeconds: number;
}

/** What a day is to most traffic. */
const usualSeasonSeconds = 86_400;

/** What a trigger says, and what holds where it says nothing. */
interface Said {
  readonly settings: TriggerSettings;
  readonly defaults: WorkloadDefaults;
}

/** The policy of a workload as it follows from its trigger and from what is known of the cluster. */
export function scalingPolicy(
  { settings, defaults }: Said,
  { leadTime, hpaTolerance }: ClusterStanding,
  { rateWindowSeconds }: Pick<DemandModel, 'rateWindowSeconds'>,
): ScalingPolicy {
  const window = { ...settings, leadTimeSeconds: leadTime.seconds, rateWindowSeconds };
  const windowSeconds = decisionWindowSeconds(window, defaults.lags);
  return { ...settings, ...defaults, hpaTolerance: hpaTolerance.up, windowSeconds };
}

/**
 * The rule by which decisions of a workload are played: the same policy, and how its demand becomes known. A window that the user
 * wants wider than replicas need is wanted whatever it costs, so that it is not played: feedback would take back what it adds.
 */
export function serviceRule(
  said: Said,
  cluster: ClusterStanding,
  model: Pick<DemandModel, 'rateWindowSeconds' | 'settleSeconds'>,
): ServiceRule {
  const { settings, defaults } = said;
  const { threshold, hpaTolerance, serviceLevel, windowSeconds } = scalingPolicy(
    { ...said, settings: { ...settings, peakWindowSeconds: undefined } },
    cluster,
    model,
  );
  return {
    threshold,
    capacity: settings.capacityPerReplica ?? threshold,
    hpaTolerance,
    knowsReplicas: cluster.hasHpa,
    serviceLevel,
    windowSeconds,
    leadTimeSeconds: cluster.leadTime.seconds,
    settleSeconds: model.settleSeconds,
    rateWindowSeconds: model.rateWindowSeconds,
    scrapeIntervalSeconds: defaults.lags.scrapeIntervalSeconds,
    seasonSeconds: settings.seasonsSeconds?.[0] ?? usualSeasonSeconds,
  };
}

/** Replicas that the HPA has and is not about to remove; undefined where they are not known. */
export function keptReplicas({ replicas }: ClusterStanding): number | undefined {
  return replicas && Math.min(replicas.current, replicas.desired ?? replicas.current);
}
