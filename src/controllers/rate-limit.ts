import type { CompleteRules, ScalingPolicy } from './behavior.ts';
import type { StateCopier, Stateful } from './state-copier.ts';

/** Bounds how far the replica count may move in one sync. */
export interface RateLimiter extends Stateful {
  /** The most replicas that are allowed now, at least the current number. */
  most(currentReplicas: number, nowSeconds: number): number;
  /** The fewest replicas that are allowed now, at most the current number. */
  fewest(currentReplicas: number, nowSeconds: number): number;
  /** Records a change of the replica count. */
  record(change: number, nowSeconds: number): void;
  /** Number of changes that are remembered. */
  readonly size: number;
}

/**
 * Limits by the policies of `behavior`. Each policy counts from the number of replicas at the start of its own period.
 * Source: kubernetes pkg/controller/podautoscaler/horizontal.go, calculateScaleUpLimitWithScalingRules,
 * calculateScaleDownLimitWithBehaviors and storeScaleEvent.
 */
export function createRateLimiter(rules: {
  readonly scaleUp: CompleteRules;
  readonly scaleDown: CompleteRules;
}): RateLimiter {
  const { scaleUp, scaleDown } = rules;
  // Policies of either direction count changes of both, so both are kept for the longest period.
  const policies = [...scaleUp.policies, ...scaleDown.policies];
  const changes = createChanges(Math.max(0, ...policies.map(({ periodSeconds }) => periodSeconds)));
  const startOf = ({ periodSeconds }: ScalingPolicy, currentReplicas: number, nowSeconds: number) =>
    currentReplicas - changes.since(nowSeconds - periodSeconds);

  return {
    most(currentReplicas, nowSeconds) {
      if (scaleUp.selectPolicy === 'Disabled') return currentReplicas;
      const chooses = scaleUp.selectPolicy === 'Min' ? Math.min : Math.max;
      let limit = scaleUp.selectPolicy === 'Min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
      for (const policy of scaleUp.policies) {
        const start = startOf(policy, currentReplicas, nowSeconds);
        // Rounding up lets a small number of replicas grow by a percentage.
        const allowed =
          policy.type === 'Pods' ? start + policy.value : Math.ceil(start * (1 + policy.value / 100));
        limit = chooses(limit, allowed);
      }
      return Math.max(limit, currentReplicas);
    },
    fewest(currentReplicas, nowSeconds) {
      if (scaleDown.selectPolicy === 'Disabled') return currentReplicas;
      // `Max` selects the policy that removes most.
      const chooses = scaleDown.selectPolicy === 'Min' ? Math.max : Math.min;
      let limit = scaleDown.selectPolicy === 'Min' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
      for (const policy of scaleDown.policies) {
        const start = startOf(policy, currentReplicas, nowSeconds);
        const allowed =
          policy.type === 'Pods' ? start - policy.value : Math.trunc(start * (1 - policy.value / 100));
        limit = chooses(limit, allowed);
      }
      return Math.min(limit, currentReplicas);
    },
    record: changes.record,
    copyState: changes.copyState,
    get size() {
      return changes.size;
    },
  };
}

/**
 * An HPA without `behavior` may request double the current number, or 4, in one sync, and may go down at once.
 * Source: horizontal.go, calculateScaleUpLimit.
 */
export const rateLimiterWithoutBehavior: RateLimiter = {
  most: (currentReplicas) => Math.max(2 * currentReplicas, 4),
  fewest: () => 0,
  record: () => {},
  size: 0,
  copyState() {},
};

/** Changes of the replica count within the longest period, oldest first. */
function createChanges(longestPeriodSeconds: number) {
  const times: number[] = [];
  const changes: number[] = [];
  return {
    /** Sum of the changes after `sinceSeconds`. */
    since(sinceSeconds: number): number {
      let sum = 0;
      for (let i = times.length - 1; i >= 0 && times[i]! > sinceSeconds; i--) sum += changes[i]!;
      return sum;
    },
    record(change: number, nowSeconds: number): void {
      let over = 0;
      while (over < times.length && times[over]! <= nowSeconds - longestPeriodSeconds) over++;
      if (over > 0) {
        times.splice(0, over);
        changes.splice(0, over);
      }
      times.push(nowSeconds);
      changes.push(change);
    },
    get size() {
      return times.length;
    },
    copyState(copier: StateCopier): void {
      copier.list(times);
      copier.list(changes);
    },
  };
}
