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

/** How decisions of a workload are made, and how they are played. */
interface WorkloadRules {
  readonly policy: ScalingPolicy;
  readonly service: ServiceRule;
}

type RuledModel = Pick<DemandModel, 'rateWindowSeconds' | 'settleSeconds'>;

/**
 * Gives the rules of a workload as they follow from its trigger and from what is known of the cluster. Every decision asks for them,
 * so that they are made anew only where what is known has changed.
 */
export function createWorkloadRules(
  said: Said,
  model: RuledModel,
): (cluster: ClusterStanding) => WorkloadRules {
  let newest: WorkloadRules | undefined;
  return (cluster) => {
    if (newest !== undefined && areOf(newest, cluster)) return newest;
    newest = { policy: scalingPolicy(said, cluster, model), service: serviceRule(said, cluster, model) };
    return newest;
  };
}

/** Whether the rules are those of a cluster: they depend on nothing else of it. */
function areOf({ service }: WorkloadRules, { leadTime, hpaTolerance, hasHpa }: ClusterStanding): boolean {
  return (
    service.leadTimeSeconds === leadTime.seconds &&
    service.hpaTolerance === hpaTolerance.up &&
    service.knowsReplicas === hasHpa
  );
}

function scalingPolicy(
  { settings, defaults }: Said,
  { leadTime, hpaTolerance }: ClusterStanding,
  { rateWindowSeconds }: RuledModel,
): ScalingPolicy {
  const window = { ...settings, leadTimeSeconds: leadTime.seconds, rateWindowSeconds };
  const windowSeconds = decisionWindowSeconds(window, defaults.lags);
  const { threshold, activationThreshold, serviceLevel, mode } = settings;
  const { freshSeconds, blindSeconds } = defaults;
  const said = { threshold, activationThreshold, serviceLevel, mode, freshSeconds, blindSeconds };
  return { ...said, hpaTolerance: hpaTolerance.up, windowSeconds };
}

/**
 * The rule by which decisions of a workload are played: the same policy, and how its demand becomes known. A window that the user
 * wants wider than replicas need is wanted whatever it costs, so that it is not played: feedback would take back what it adds.
 */
function serviceRule(said: Said, cluster: ClusterStanding, model: RuledModel): ServiceRule {
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
