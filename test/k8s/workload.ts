import type { Labels, Manifest } from './manifest.ts';

interface KeyReference {
  readonly name: string;
  readonly key?: string;
  readonly optional?: boolean;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly configMapKeyRef?: KeyReference; readonly secretKeyRef?: KeyReference };
  }[];
  readonly envFrom?: readonly { readonly configMapRef?: KeyReference; readonly secretRef?: KeyReference }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  readonly securityContext?: SecurityContext & {
    readonly privileged?: boolean;
    readonly allowPrivilegeEscalation?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  };
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
}

interface SecurityContext {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly fsGroup?: number;
  readonly seccompProfile?: { readonly type: string };
}

export interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string | number; readonly scheme?: string };
  readonly grpc?: { readonly port: number; readonly service?: string };
  readonly tcpSocket?: { readonly port: string | number };
  readonly exec?: { readonly command: readonly string[] };
}

interface Volume {
  readonly name: string;
  readonly configMap?: KeyReference;
  readonly secret?: {
    readonly secretName: string;
    readonly optional?: boolean;
    readonly defaultMode?: number;
  };
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly projected?: {
    readonly defaultMode?: number;
    readonly sources: readonly { readonly configMap?: KeyReference; readonly secret?: KeyReference }[];
  };
  readonly [source: string]: unknown;
}

interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly imagePullSecrets?: readonly { readonly name: string }[];
  readonly securityContext?: SecurityContext;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
}

/** An object that makes pods. */
export interface Workload {
  readonly manifest: Manifest;
  readonly pod: PodSpec;
  readonly podLabels: Labels;
  /** Whether the pods serve until they are stopped, and so need probes and budgets. A job ends by itself. */
  readonly isServer: boolean;
}

const serverKinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];

export function workloadsOf(manifests: readonly Manifest[]): readonly Workload[] {
  return manifests.flatMap((manifest) => {
    const template = podTemplateOf(manifest);
    if (template?.spec === undefined) return [];
    return [
      {
        manifest,
        pod: template.spec,
        podLabels: template.metadata?.labels ?? {},
        isServer: serverKinds.includes(manifest.kind),
      },
    ];
  });
}

export function containersOf({ pod }: Workload): readonly Container[] {
  return [...(pod.initContainers ?? []), ...pod.containers];
}

interface PodTemplate {
  readonly metadata?: { readonly labels?: Labels };
  readonly spec?: PodSpec;
}

/** The template of the pods that an object makes; undefined where it makes none. */
export function podTemplateOf({ kind, metadata, spec }: Manifest): PodTemplate | undefined {
  const templated = spec as { template?: PodTemplate; jobTemplate?: { spec: { template: PodTemplate } } };
  if (kind === 'Pod') return { metadata, spec: spec as unknown as PodSpec };
  if (kind === 'CronJob') return templated.jobTemplate?.spec.template;
  return [...serverKinds, 'Job'].includes(kind) ? templated.template : undefined;
}
