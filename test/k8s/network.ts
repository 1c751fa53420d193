import { type Manifest, podsOf } from './kustomized.ts';
import type { Labels } from './manifest.ts';

/** One end of a connection: a pod, and the ports its container names. */
export interface Peer {
  readonly namespace: string;
  readonly labels: Labels;
  readonly ports: Readonly<Record<string, number>>;
}

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { key: string; operator: string; values: readonly string[] }[];
}
interface Rule {
  readonly from?: readonly PolicyPeer[];
  readonly to?: readonly PolicyPeer[];
  readonly ports?: readonly { readonly port: number | string; readonly protocol: string }[];
}
interface PolicyPeer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: unknown;
}

/** A pod of the manifests, by the name of its Deployment or the like. */
export function peerOf(manifests: readonly Manifest[], name: string): Peer {
  const pod = podsOf(manifests).find(({ owner }) => owner.metadata.name === name);
  if (pod === undefined) throw new Error(`no pods of ${name}`);
  return {
    namespace: pod.owner.metadata.namespace ?? '',
    labels: pod.labels,
    ports: Object.fromEntries((pod.container.ports ?? []).map((port) => [port.name, port.containerPort])),
  };
}

/** Whether NetworkPolicies let one pod open a TCP connection to another: those of both pods must allow it, as in Kubernetes. */
export function mayConnect(manifests: readonly Manifest[], from: Peer, to: Peer, port: number): boolean {
  return side(manifests, 'Egress', from, to, port, to) && side(manifests, 'Ingress', to, from, port, to);
}

/** Whether the policies of one pod allow the other. A pod that no policy of that direction selects allows all. */
function side(
  manifests: readonly Manifest[],
  direction: 'Ingress' | 'Egress',
  own: Peer,
  other: Peer,
  port: number,
  served: Peer,
): boolean {
  const policies = manifests.filter(
    ({ kind, metadata, spec }) =>
      kind === 'NetworkPolicy' &&
      metadata.namespace === own.namespace &&
      spec.policyTypes.includes(direction) &&
      selects(spec.podSelector, own.labels),
  );
  if (policies.length === 0) return true;
  const rules = policies.flatMap(({ spec }) => (spec[direction.toLowerCase()] ?? []) as Rule[]);
  return rules.some((rule) => {
    const peers = direction === 'Ingress' ? rule.from : rule.to;
    const isPeer = peers === undefined || peers.some((peer) => isSelected(peer, other, own.namespace));
    const isPort =
      rule.ports === undefined ||
      rule.ports.some(
        (one) => one.protocol === 'TCP' && (one.port === port || served.ports[one.port] === port),
      );
    return isPeer && isPort;
  });
}

function isSelected(peer: PolicyPeer, { namespace, labels }: Peer, ownNamespace: string): boolean {
  if (peer.ipBlock !== undefined) return false;
  const isNamespace =
    peer.namespaceSelector === undefined
      ? namespace === ownNamespace
      : selects(peer.namespaceSelector, { 'kubernetes.io/metadata.name': namespace });
  return isNamespace && selects(peer.podSelector ?? {}, labels);
}

function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      if (operator !== 'In') throw new Error(`${operator} is not known here`);
      return values.includes(labels[key] ?? '');
    })
  );
}
