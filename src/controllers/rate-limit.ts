import type { CompleteRules, ScalingPolicy } from './behavior.ts';
import { copyPairs } from './number-pairs.ts';
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
export function createRateLimiter(rules: DirectionRules): RateLimiter {
  return new PolicyLimiter(rules);
}

interface DirectionRules {
  readonly scaleUp: CompleteRules;
  readonly scaleDown: CompleteRules;
}

/** A class, as StartingFleet is. */
class PolicyLimiter implements RateLimiter {
  readonly #rules: DirectionRules;
  readonly #changes: Changes;

  constructor(rules: DirectionRules) {
    this.#rules = rules;
    // Policies of either direction count changes of both, so both are kept for the longest period.
    const policies = [...rules.scaleUp.policies, ...rules.scaleDown.policies];
    this.#changes = new Changes(Math.max(0, ...policies.map(({ periodSeconds }) => periodSeconds)));
  }

  get size(): number {
    return this.#changes.size;
  }

  copyState(copier: StateCopier): void {
    this.#changes.copyState(copier);
  }

  record(change: number, nowSeconds: number): void {
    this.#changes.record(change, nowSeconds);
  }

  most(currentReplicas: number, nowSeconds: number): number {
    const { selectPolicy, policies } = this.#rules.scaleUp;
    if (selectPolicy === 'Disabled') return currentReplicas;
    const chooses = selectPolicy === 'Min' ? Math.min : Math.max;
    let limit = selectPolicy === 'Min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    for (const policy of policies) {
      const start = this.#startOf(policy, currentReplicas, nowSeconds);
      // Rounding up lets a small number of replicas grow by a percentage.
      const allowed =
        policy.type === 'Pods' ? start + policy.value : Math.ceil(start * (1 + policy.value / 100));
      limit = chooses(limit, allowed);
    }
    return Math.max(limit, currentReplicas);
  }

  fewest(currentReplicas: number, nowSeconds: number): number {
    const { selectPolicy, policies } = this.#rules.scaleDown;
    if (selectPolicy === 'Disabled') return currentReplicas;
    // `Max` selects the policy that removes most.
    const chooses = selectPolicy === 'Min' ? Math.max : Math.min;
    let limit = selectPolicy === 'Min' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    for (const policy of policies) {
      const start = this.#startOf(policy, currentReplicas, nowSeconds);
      const allowed =
        policy.type === 'Pods' ? start - policy.value : Math.trunc(start * (1 - policy.value / 100));
      limit = chooses(limit, allowed);
    }
    return Math.min(limit, currentReplicas);
  }

  /** Replicas at the start of a policy's period. */
  #startOf({ periodSeconds }: ScalingPolicy, currentReplicas: number, nowSeconds: number): number {
    return currentReplicas - this.#changes.since(nowSeconds - periodSeconds);
  }
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
class Changes {
  readonly #longestPeriodSeconds: number;
  /** Of each change its time, and by how much the count changed. */
  readonly #pairs: number[] = [];

  constructor(longestPeriodSeconds: number) {
    this.#longestPeriodSeconds = longestPeriodSeconds;
  }

  get size(): number {
    return this.#pairs.length / 2;
  }

  copyState(copier: StateCopier): void {
    copyPairs(copier, this.#pairs);
  }

  /** Sum of the changes after `sinceSeconds`. */
  since(sinceSeconds: number): number {
    const pairs = this.#pairs;
    let sum = 0;
    for (let at = pairs.length - 2; at >= 0 && pairs[at]! > sinceSeconds; at -= 2) sum += pairs[at + 1]!;
    return sum;
  }

  record(change: number, nowSeconds: number): void {
    const pairs = this.#pairs;
    let over = 0;
    while (over < pairs.length && pairs[over]! <= nowSeconds - this.#longestPeriodSeconds) over += 2;
    if (over > 0) pairs.splice(0, over);
    pairs.push(nowSeconds, change);
  }
}
