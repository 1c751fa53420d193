import type { Policy } from './contract.ts';

/** Replicas that somebody wants whatever the demand is; asked at times that rise, unix seconds. */
type ReplicaSchedule = (unixSeconds: number) => number;

/** What a user's own autoscaler does besides a policy. */
export interface OwnAutoscaler {
  /** Makes the schedule anew for each replay. */
  readonly createSchedule: () => ReplicaSchedule;
  /** Whether it scales on demand too, and not by the clock alone. */
  readonly followsDemand: boolean;
}

/**
 * A policy beneath the workload's own HPA, with replicas by the clock beside it. The HPA follows the metric that asks for most, so
 * that a schedule of n replicas is a demand of n targets.
 */
export function ownAutoscaler(policy: Policy, { createSchedule, followsDemand }: OwnAutoscaler): Policy {
  return {
    title: policy.title,
    knob: followsDemand ? policy.knob : { meaning: 'its schedule has none', values: [1], default: 1 },
    hpa: 'own',
    create(request) {
      const run = policy.create(request);
      const { keep } = run;
      const { target, keda } = request.scenario;
      const replicasAt = createSchedule();
      let scheduled = 0;
      let isDemanded = false;
      return {
        ...(keep && { keep }),
        begin: (known) => run.begin?.(known),
        signals(known, into) {
          if (followsDemand) run.signals(known, into);
          else into.fill(0);
          scheduled = replicasAt(known.nowSeconds);
          isDemanded = known.observed > keda.activationThreshold;
          for (let i = 0; i < into.length; i++)
            if (into[i]! < scheduled * target) into[i] = scheduled * target;
        },
        isActive: (setting) => scheduled > 0 || (followsDemand && (run.isActive?.(setting) ?? isDemanded)),
      };
    },
  };
}
