import type { CompleteRules, ScalingPolicy } from './behavior.ts';

/** One change of the replica count; `change` is positive in either direction. */
interface ScaleEvent {
  readonly atSeconds: number;
  readonly change: number;
}

/** Recent changes of the replica count by direction, as the policies count them. */
export interface ScaleEvents {
  readonly up: readonly ScaleEvent[];
  readonly down: readonly ScaleEvent[];
}

/**
 * The most replicas that the scale-up policies allow now. Each policy counts from the number of replicas at the start of its
 * own period.
 * Source: kubernetes pkg/controller/podautoscaler/horizontal.go, calculateScaleUpLimitWithScalingRules.
 */
export function scaleUpLimit(
  currentReplicas: number,
  rules: CompleteRules,
  events: ScaleEvents,
  nowSeconds: number,
): number {
  if (rules.selectPolicy === 'Disabled') return currentReplicas;
  const proposals = rules.policies.map((policy) => {
    const start = periodStartReplicas(currentReplicas, policy, events, nowSeconds);
    // Rounding up lets a small number of replicas grow by a percentage.
    return policy.type === 'Pods' ? start + policy.value : Math.ceil(start * (1 + policy.value / 100));
  });
  const limit = rules.selectPolicy === 'Min' ? Math.min(...proposals) : Math.max(...proposals);
  return Math.max(limit, currentReplicas);
}

/**
 * The fewest replicas that the scale-down policies allow now. `Max` selects the policy that removes most.
 * Source: horizontal.go, calculateScaleDownLimitWithBehaviors.
 */
export function scaleDownLimit(
  currentReplicas: number,
  rules: CompleteRules,
  events: ScaleEvents,
  nowSeconds: number,
): number {
  if (rules.selectPolicy === 'Disabled') return currentReplicas;
  const proposals = rules.policies.map((policy) => {
    const start = periodStartReplicas(currentReplicas, policy, events, nowSeconds);
    return policy.type === 'Pods' ? start - policy.value : Math.trunc(start * (1 - policy.value / 100));
  });
  const limit = rules.selectPolicy === 'Min' ? Math.max(...proposals) : Math.min(...proposals);
  return Math.min(limit, currentReplicas);
}

/** The most replicas that an HPA without `behavior` may request: double the current number, or 4. Source: horizontal.go, calculateScaleUpLimit. */
export function scaleUpLimitWithoutBehavior(currentReplicas: number): number {
  return Math.max(2 * currentReplicas, 4);
}

/** Adds a change to the events and drops those older than the longest policy period (storeScaleEvent). */
export function recordChange(
  events: ScaleEvents,
  fromReplicas: number,
  toReplicas: number,
  rules: { readonly scaleUp: CompleteRules; readonly scaleDown: CompleteRules },
  nowSeconds: number,
): ScaleEvents {
  // Policies of either direction count changes of both, so both are kept for the longest period.
  const periods = [...rules.scaleUp.policies, ...rules.scaleDown.policies].map(
    (policy) => policy.periodSeconds,
  );
  const cutoffSeconds = nowSeconds - Math.max(0, ...periods);
  const recent = (list: readonly ScaleEvent[]) => list.filter((event) => event.atSeconds > cutoffSeconds);
  const change = toReplicas - fromReplicas;
  const event = { atSeconds: nowSeconds, change: Math.abs(change) };
  return {
    up: change > 0 ? [...recent(events.up), event] : recent(events.up),
    down: change < 0 ? [...recent(events.down), event] : recent(events.down),
  };
}

function periodStartReplicas(
  currentReplicas: number,
  policy: ScalingPolicy,
  events: ScaleEvents,
  nowSeconds: number,
): number {
  const changed = (list: readonly ScaleEvent[]) =>
    list.reduce(
      (sum, event) => (event.atSeconds > nowSeconds - policy.periodSeconds ? sum + event.change : sum),
      0,
    );
  return currentReplicas - changed(events.up) + changed(events.down);
}
