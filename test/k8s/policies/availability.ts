import { type Labels, type Manifest, matches, ofKind } from '../manifest.ts';
import { workloadsOf } from '../workload.ts';
import type { Fault, Policy } from './policy.ts';

interface BudgetSpec {
  readonly selector: { readonly matchLabels: Labels };
  readonly maxUnavailable?: number | string;
  readonly unhealthyPodEvictionPolicy?: string;
}

interface ScalerSpec {
  readonly scaleTargetRef: { readonly kind?: string; readonly name: string };
}

/** A workload that has or may get several replicas keeps most of them during a drain and never blocks one. */
export const disruptionBudgets: Policy = (manifests) => {
  const budgets = ofKind(manifests, 'PodDisruptionBudget').map((manifest) => ({
    manifest,
    spec: manifest.spec as unknown as BudgetSpec,
  }));
  const servers = workloadsOf(manifests).filter(({ manifest }) =>
    ['Deployment', 'StatefulSet'].includes(manifest.kind),
  );
  const isBudgetOf = (budget: (typeof budgets)[number], server: (typeof servers)[number]) =>
    budget.manifest.metadata.namespace === server.manifest.metadata.namespace &&
    matches(budget.spec.selector.matchLabels, server.podLabels);
  return [
    ...servers
      .filter(({ manifest }) => isScaled(manifest, manifests) || Number(manifest.spec?.['replicas'] ?? 1) > 1)
      .filter((server) => !budgets.some((budget) => isBudgetOf(budget, server)))
      .map(({ manifest }): Fault => [manifest, 'has no PodDisruptionBudget']),
    ...budgets
      .filter((budget) => !servers.some((server) => isBudgetOf(budget, server)))
      .map(({ manifest }): Fault => [manifest, 'selects no pods']),
    ...budgets
      .filter(({ spec }) => spec.maxUnavailable === undefined || spec.maxUnavailable === 0)
      .map(({ manifest }): Fault => [manifest, 'lets no pod go, or says minAvailable, which may']),
    ...budgets
      .filter(({ spec }) => spec.unhealthyPodEvictionPolicy !== 'AlwaysAllow')
      .map(({ manifest }): Fault => [manifest, 'keeps pods that are broken anyway']),
  ];
};

/** A workload with an autoscaler has no `replicas`, because both would set the number in turns. */
export const replicasLeftToTheScaler: Policy = (manifests) =>
  ofKind(manifests, 'Deployment', 'StatefulSet')
    .filter((manifest) => isScaled(manifest, manifests) && manifest.spec?.['replicas'] !== undefined)
    .map((manifest): Fault => [manifest, 'has replicas, which its autoscaler sets']);

/** Every autoscaler scales a workload of the set. */
export const scaleTargets: Policy = (manifests) =>
  scalersIn(manifests)
    .filter((scaler) => !manifests.some((manifest) => isTargetOf(manifest, scaler)))
    .map((scaler): Fault => [scaler, 'scales something that is not in the set']);

function isScaled(manifest: Manifest, manifests: readonly Manifest[]): boolean {
  return scalersIn(manifests).some((scaler) => isTargetOf(manifest, scaler));
}

function scalersIn(manifests: readonly Manifest[]): readonly Manifest[] {
  return ofKind(manifests, 'ScaledObject', 'HorizontalPodAutoscaler');
}

function isTargetOf({ kind, metadata }: Manifest, scaler: Manifest): boolean {
  const { scaleTargetRef: target } = scaler.spec as unknown as ScalerSpec;
  return (
    kind === (target.kind ?? 'Deployment') &&
    metadata.name === target.name &&
    metadata.namespace === scaler.metadata.namespace
  );
}
