import { version } from '../../src/platform/process/version.ts';
import { partOf } from './tables.ts';

export interface Container {
  readonly image?: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly resources?: { readonly requests?: Texts };
}
type Texts = Readonly<Record<string, string>>;
interface PodTemplate {
  metadata?: { readonly annotations?: Texts };
  readonly spec: { containers: readonly Container[] };
}

/** A Kubernetes object as manifests and `kubectl -o json` have it: the fields that `./stack` reads, of whatever kind. */
export interface KubeObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Texts;
    readonly annotations?: Texts;
    readonly ownerReferences?: readonly unknown[];
  };
  readonly data?: Texts;
  readonly spec?: {
    readonly replicas?: number;
    readonly unschedulable?: boolean;
    readonly nodeName?: string;
    readonly containers?: readonly Container[];
    readonly type?: string;
    readonly ports?: readonly { readonly nodePort?: number }[];
    readonly service?: { readonly namespace: string; readonly name: string };
    readonly template?: PodTemplate;
    readonly volumeClaimTemplates?: readonly { readonly spec: { readonly storageClassName?: string } }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly loadBalancer?: { readonly ingress?: readonly unknown[] };
    readonly readyReplicas?: number;
    readonly succeeded?: number;
    readonly failed?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly allocatable?: Texts;
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly images?: readonly { readonly names?: readonly string[] }[];
  };
}
export type Objects = readonly KubeObject[];

/** The image as the manifests name it. No registry has it. */
export const localImage = `forescale:${version}`;

/** Manifests with another image in the place of ours. */
export function withImage(manifests: Objects, image: string): Objects {
  const ours = /"image":"(?:[^"]*\/)?forescale:[^"]*"/g;
  return JSON.parse(
    JSON.stringify(manifests).replace(ours, () => `"image":${JSON.stringify(image)}`),
  ) as Objects;
}

/** Manifests whose pods carry the identity of the image, so that new content under the same name restarts them. */
export function withIdentity(manifests: Objects, identity: string): Objects {
  return manifests.map((one) => {
    const template = one.spec?.template;
    if (!template?.spec.containers.some(({ image }) => image === localImage)) return one;
    const annotations = { ...template.metadata?.annotations, 'forescale/image-id': identity };
    return {
      ...one,
      spec: { ...one.spec, template: { ...template, metadata: { ...template.metadata, annotations } } },
    };
  });
}

export const usesLocalImage = (manifests: Objects): boolean =>
  JSON.stringify(manifests).includes(`"image":"${localImage}"`);

export const isOurs = ({ metadata }: KubeObject): boolean => metadata.labels?.[partOf] === 'forescale';
export const ofKind = (objects: Objects, ...kinds: readonly string[]) =>
  objects.filter(({ kind }) => kinds.includes(kind));
/** Kind and name, such as `configmap/shop`. */
export const nameOf = ({ kind, metadata }: KubeObject): string => `${kind.toLowerCase()}/${metadata.name}`;
/** Namespace and name. */
export const placeOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`;
export const namesOf = (objects: Objects): readonly string[] => objects.map(({ metadata }) => metadata.name);

/** The status of a condition of an object: True, False, Unknown, or undefined where it has none. */
export function condition({ status }: KubeObject, type: string): string | undefined {
  return status?.conditions?.find((one) => one.type === type)?.status;
}

/** Namespaces of the manifests that are in the cluster without our label: somebody else's. */
export function foreignNamespaces(manifests: Objects, present: Objects): readonly string[] {
  const theirs = namesOf(present.filter((one) => !isOurs(one)));
  return namesOf(ofKind(manifests, 'Namespace')).filter((name) => theirs.includes(name));
}

/** Namespaces that manifests use and do not bring, such as keda, where Prometheus has a Role. */
export function namespacesNeeded(manifests: Objects): readonly string[] {
  const brought = namesOf(ofKind(manifests, 'Namespace'));
  const used = new Set(manifests.flatMap(({ metadata }) => metadata.namespace ?? []));
  return [...used].filter((name) => !brought.includes(name));
}

/** Workloads with fewer ready replicas than they want, a line each. */
export function unready(workloads: Objects): readonly string[] {
  return workloads.flatMap((one) => {
    const [wanted, ready] = [one.spec?.replicas ?? 1, one.status?.readyReplicas ?? 0];
    return ready >= wanted ? [] : [`${one.kind.toLowerCase()} ${placeOf(one)}: ${ready} of ${wanted}`];
  });
}

export const portsOf = (services: Objects): readonly number[] =>
  services.flatMap(({ spec }) => spec?.ports?.flatMap(({ nodePort }) => nodePort ?? []) ?? []);

/**
 * Names of the objects for which a namespace stays: objects of others, and our data unless it is deleted too. Objects with an owner,
 * objects that every namespace has by itself, and records of Helm do not count.
 */
export function holding(objects: Objects, withData: boolean): readonly string[] {
  const everywhere = /^(serviceaccount\/default|configmap\/kube-root-ca\.crt|(event|lease|endpoints)\/.*)$/;
  const stays = (one: KubeObject) => {
    const { labels = {}, ownerReferences = [] } = one.metadata;
    if (everywhere.test(nameOf(one)) || ownerReferences.length > 0 || labels['owner'] === 'helm')
      return false;
    const isData = one.kind === 'Secret' || one.kind === 'PersistentVolumeClaim';
    return !isOurs(one) || labels['app.kubernetes.io/managed-by'] === 'Helm' || (isData && !withData);
  };
  return objects.filter(stays).map(nameOf);
}

/** Is `have` at least `want`? Compares the numbers between the dots; a leading v and what follows - or + do not count. */
export function isAtLeast(have: string, want: string): boolean {
  const numbers = (text: string) =>
    text
      .replace(/^v|[-+].*$/g, '')
      .split('.')
      .map(Number);
  const [a, b] = [numbers(have), numbers(want)];
  const at = b.findIndex((number, index) => number !== (a[index] ?? 0));
  return at === -1 || (a[at] ?? 0) > (b[at] ?? 0);
}
