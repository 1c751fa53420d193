import { parseAllDocuments } from 'yaml';

/** As much of a Kubernetes object as the checks look at. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Labels;
    readonly annotations?: Labels;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
}

export type Labels = Readonly<Record<string, string>>;

/** One thing that is wrong with one object. */
export interface Finding {
  /** Who says it and which of its rules: `kube-score/pod-probes`. */
  readonly rule: string;
  /** `Deployment forescale/forescale`: kind, namespace, name. */
  readonly object: string;
  readonly message: string;
}

/** What a finding calls an object. */
export function describeObject({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

/**
 * The objects of a rendered set, Lists unfolded, empty documents left out. Throws on YAML that a cluster would read in another way
 * than its author, such as a key given twice.
 */
export function parseManifests(yaml: string): readonly Manifest[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    const [fault] = document.errors;
    if (fault !== undefined) throw fault;
    const object = document.toJS() as (Manifest & { items?: readonly Manifest[] }) | null;
    if (object === null) return [];
    return object.kind === 'List' ? [...(object.items ?? [])] : [object];
  });
}

export function ofKind(manifests: readonly Manifest[], ...kinds: readonly string[]): readonly Manifest[] {
  return manifests.filter(({ kind }) => kinds.includes(kind));
}

/** Whether labels are what a `matchLabels` (or a Service's selector) asks for. */
export function matches(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([name, value]) => labels[name] === value);
}
