import { parseAllDocuments } from 'yaml';

/** The fields of a Kubernetes object that the checks read. */
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

/** A violation of a rule by one object. */
export interface Finding {
  /** Tool and rule, such as `kube-score/pod-probes`. */
  readonly rule: string;
  /** `Deployment forescale/forescale`: kind, namespace, name. */
  readonly object: string;
  readonly message: string;
}

/** Name of an object in findings. */
export function describeObject({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

/**
 * The objects of a rendered set, Lists unfolded, empty documents left out. Throws on YAML that a cluster would read in another way
 * than its author, such as a key given twice. Objects of equal text are one object, which no caller may change.
 */
export function parseManifests(yaml: string): readonly Manifest[] {
  return yaml.split(/^---$/m).flatMap(parseDocument);
}

/**
 * Parsed documents by their YAML text. Every overlay contains the 7,000 lines of KEDA's release, and parsing them is most of
 * the work of reading an overlay.
 */
const parsed = new Map<string, readonly Manifest[]>();

function parseDocument(text: string): readonly Manifest[] {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const manifests = parseAllDocuments(text).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    const object = document.toJS() as (Manifest & { items?: readonly Manifest[] }) | null;
    if (object === null) return [];
    return object.kind === 'List' ? [...(object.items ?? [])] : [object];
  });
  parsed.set(text, manifests);
  return manifests;
}

export function ofKind(manifests: readonly Manifest[], ...kinds: readonly string[]): readonly Manifest[] {
  return manifests.filter(({ kind }) => kinds.includes(kind));
}

/** Whether labels are what a `matchLabels` (or a Service's selector) asks for. */
export function matches(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([name, value]) => labels[name] === value);
}
