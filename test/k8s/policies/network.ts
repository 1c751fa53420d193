import { type Labels, type Manifest, matches, ofKind } from '../manifest.ts';
import { type Workload, workloadsOf } from '../workload.ts';
import type { Fault, Policy } from './policy.ts';

interface PolicySpec {
  readonly podSelector: { readonly matchLabels?: Labels; readonly matchExpressions?: readonly unknown[] };
  readonly policyTypes?: readonly string[];
}

interface ServiceSpec {
  readonly type?: string;
  readonly selector?: Labels;
  readonly ports?: readonly { readonly port: number; readonly targetPort?: number | string }[];
}

/** Every pod is selected by NetworkPolicies for both directions, and every policy selects a pod. */
export const networkPolicies: Policy = (manifests) => {
  const policies = ofKind(manifests, 'NetworkPolicy');
  const workloads = workloadsOf(manifests);
  return [
    ...workloads.flatMap((workload) =>
      ['Ingress', 'Egress']
        .filter((direction) => !policies.some((policy) => closes(policy, direction, workload)))
        .map((direction): Fault => [workload.manifest, `no NetworkPolicy closes its ${direction}`]),
    ),
    ...policies
      .filter((policy) => !workloads.some((workload) => selects(policy, workload)))
      .map((policy): Fault => [policy, 'selects no pods']),
  ];
};

function closes(policy: Manifest, direction: string, workload: Workload): boolean {
  const { policyTypes = ['Ingress'] } = policy.spec as unknown as PolicySpec;
  return policyTypes.includes(direction) && selects(policy, workload);
}

function selects(policy: Manifest, { manifest, podLabels }: Workload): boolean {
  const { podSelector } = policy.spec as unknown as PolicySpec;
  return (
    policy.metadata.namespace === manifest.metadata.namespace &&
    // Expressions are not evaluated: a policy that has some counts for what its labels select.
    matches(podSelector.matchLabels ?? {}, podLabels)
  );
}

/** Services lead to pods of the set, at ports that those have. */
export const services: Policy = (manifests) =>
  ofKind(manifests, 'Service').flatMap((service): readonly Fault[] => {
    const { selector, ports = [], type } = service.spec as unknown as ServiceSpec;
    if (selector === undefined) return type === 'ExternalName' ? [] : [[service, 'has no selector']];
    const chosen = workloadsOf(manifests).filter(
      ({ manifest, podLabels }) =>
        manifest.metadata.namespace === service.metadata.namespace && matches(selector, podLabels),
    );
    if (chosen.length === 0) return [[service, 'leads to no pods']];
    return chosen.flatMap(({ manifest, pod }) => {
      const declared = pod.containers.flatMap(({ ports: own = [] }) =>
        own.flatMap(({ name, containerPort }) => [name, containerPort]),
      );
      return ports
        .map(({ port, targetPort }) => targetPort ?? port)
        .filter((port) => !declared.includes(port))
        .map((port): Fault => [service, `leads to port ${port}, which ${manifest.metadata.name} has not`]);
    });
  });
