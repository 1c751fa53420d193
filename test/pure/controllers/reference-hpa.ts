import type { HpaBehavior, HpaSpec, ScalingPolicy, ScalingRules } from '../../../src/controllers/index.ts';

type Rules = Required<Omit<ScalingRules, 'tolerance'>>;

/**
 * The HPA with one AverageValue metric and a fleet, transcribed line by line from Kubernetes
 * (pkg/controller/podautoscaler/horizontal.go and replica_calculator.go): everything is remembered for ever and looked through
 * anew in each sync. The fast one is held to it.
 */
export function createReference(
  spec: HpaSpec,
  target: number,
  startUpSeconds: number,
  initialReplicas: number,
) {
  const recommendations: { readonly at: number; readonly replicas: number }[] = [];
  const changes: { readonly at: number; readonly change: number }[] = [];
  let pods: readonly { readonly readyAt: number }[] = Array.from({ length: initialReplicas }, () => ({
    readyAt: Number.NEGATIVE_INFINITY,
  }));
  const up = withDefaults(spec.behavior?.scaleUp, {
    stabilizationWindowSeconds: 0,
    policies: [pods4, percent100],
  });
  const down = withDefaults(spec.behavior?.scaleDown, {
    stabilizationWindowSeconds: 300,
    policies: [percent100],
  });

  function metricReplicas(total: number): number {
    const ratio = Math.round(total * 1000) / (Math.round(target * 1000) * pods.length);
    const of = (rules: ScalingRules | undefined) => rules?.tolerance ?? spec.tolerance ?? 0.1;
    const isWithin = ratio >= 1 - of(spec.behavior?.scaleDown) && ratio <= 1 + of(spec.behavior?.scaleUp);
    return isWithin ? pods.length : Math.ceil(Math.round(total * 1000) / Math.round(target * 1000));
  }

  function stabilized(desired: number, now: number, behavior: HpaBehavior | undefined): number {
    if (behavior === undefined) {
      const recent = recommendations.filter(({ at }) => at >= now - 300);
      return Math.max(desired, ...recent.map(({ replicas }) => replicas));
    }
    const within = (seconds: number) =>
      recommendations.filter(({ at }) => at > now - seconds).map(({ replicas }) => replicas);
    const lowest = Math.min(desired, ...within(up.stabilizationWindowSeconds));
    const highest = Math.max(desired, ...within(down.stabilizationWindowSeconds));
    return Math.min(Math.max(pods.length, lowest), highest);
  }

  const startOf = ({ periodSeconds }: ScalingPolicy, now: number) =>
    changes
      .filter(({ at }) => at > now - periodSeconds)
      .reduce((replicas, { change }) => replicas - change, pods.length);

  function limits(now: number): readonly [fewest: number, most: number] {
    if (spec.behavior === undefined) return [0, Math.max(2 * pods.length, 4)];
    const ups = up.policies.map((policy) =>
      policy.type === 'Pods'
        ? startOf(policy, now) + policy.value
        : Math.ceil(startOf(policy, now) * (1 + policy.value / 100)),
    );
    const downs = down.policies.map((policy) =>
      policy.type === 'Pods'
        ? startOf(policy, now) - policy.value
        : Math.trunc(startOf(policy, now) * (1 - policy.value / 100)),
    );
    const most = up.selectPolicy === 'Min' ? Math.min(...ups) : Math.max(...ups);
    const fewest = down.selectPolicy === 'Min' ? Math.max(...downs) : Math.min(...downs);
    return [
      down.selectPolicy === 'Disabled' ? pods.length : Math.min(fewest, pods.length),
      up.selectPolicy === 'Disabled' ? pods.length : Math.max(most, pods.length),
    ];
  }

  function decide(now: number, total: number): number {
    if (pods.length > spec.maxReplicas) return spec.maxReplicas;
    if (pods.length < spec.minReplicas) return spec.minReplicas;
    if (!Number.isFinite(total)) return pods.length;
    const desired = metricReplicas(total);
    const stable = stabilized(desired, now, spec.behavior);
    recommendations.push({ at: now, replicas: desired });
    const [fewest, most] = limits(now);
    if (stable > pods.length) return Math.min(stable, most, spec.maxReplicas);
    if (stable < pods.length) return Math.max(stable, fewest, spec.minReplicas);
    return stable;
  }

  return {
    sync(now: number, total: number): void {
      if (recommendations.length === 0) recommendations.push({ at: now, replicas: pods.length });
      const change = decide(now, total) - pods.length;
      if (change === 0) return;
      changes.push({ at: now, change });
      // Oldest first; those at the end are removed first, and pods that are not ready before pods that are.
      const ranked = [
        ...pods.filter(({ readyAt }) => readyAt <= now),
        ...pods.filter(({ readyAt }) => readyAt > now),
      ];
      const started = Array.from({ length: Math.max(0, change) }, () => ({ readyAt: now + startUpSeconds }));
      pods = [...ranked, ...started].slice(0, pods.length + change);
    },
    ready: (now: number) => pods.filter(({ readyAt }) => readyAt <= now).length,
    existing: () => pods.length,
  };
}

const pods4: ScalingPolicy = { type: 'Pods', value: 4, periodSeconds: 15 };
const percent100: ScalingPolicy = { type: 'Percent', value: 100, periodSeconds: 15 };

function withDefaults(given: ScalingRules | undefined, defaults: Omit<Rules, 'selectPolicy'>): Rules {
  return { selectPolicy: 'Max', ...defaults, ...given };
}
