import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { findProgram } from '../../src/demo/programs/find-program.ts';
import { projectRoot } from '../repository/project-files.ts';

/** As much of a Kubernetes object as these tests look at; the rest by `spec`, unread. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Labels;
    readonly annotations?: Labels;
  };
  // biome-ignore lint/suspicious/noExplicitAny: of every kind there is; what is looked at is asserted.
  readonly spec?: any;
  readonly data?: Readonly<Record<string, string>>;
}

export type Labels = Readonly<Record<string, string>>;

/** Folders directly below one of k8s. */
export function foldersOf(path: string): string[] {
  return readdirSync(resolve(projectRoot, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** What kustomize makes of a folder of the project; YAML that is not read as Kubernetes would is an error. */
export async function kustomized(path: string): Promise<Manifest[]> {
  const { path: kustomize } = await findProgram('kustomize', process.env);
  const text = execFileSync(kustomize, ['build', resolve(projectRoot, path)], {
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  });
  return parseManifests(text);
}

export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS() as Manifest;
  });
}

/** What it is called, for messages. */
export function nameOf({ kind, metadata: { namespace = '-', name } }: Manifest): string {
  return `${kind} ${namespace}/${name}`;
}

/** The one of a kind and name. Throws where it is not there. */
export function find(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.filter((one) => one.kind === kind && one.metadata.name === name);
  if (found.length !== 1) throw new Error(`${found.length} of ${kind} ${name}`);
  return found[0] as Manifest;
}

/** The template of the pods an object makes; undefined where it makes none. */
function podTemplateOf({ kind, spec }: Manifest): PodTemplate | undefined {
  if (['Deployment', 'StatefulSet', 'Job', 'DaemonSet'].includes(kind)) return spec.template as PodTemplate;
  if (kind === 'CronJob') return spec.jobTemplate.spec.template as PodTemplate;
  return undefined;
}

export interface PodTemplate {
  readonly metadata: { readonly labels: Labels };
  readonly spec: {
    readonly containers: readonly Container[];
    readonly volumes?: readonly Volume[];
  } & Readonly<Record<string, unknown>>;
}

interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
}

export interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string };
  readonly grpc?: { readonly port: number };
  readonly tcpSocket?: { readonly port: string };
}

/** Every pod template with the object that makes it and its one container. */
export function podsOf(manifests: readonly Manifest[]) {
  return manifests.flatMap((owner) => {
    const template = podTemplateOf(owner);
    const container = template?.spec.containers[0];
    return template === undefined || container === undefined
      ? []
      : [{ owner, labels: template.metadata.labels, template, container }];
  });
}

export function variablesOf({ env = [] }: Container): Record<string, string> {
  return Object.fromEntries(env.map(({ name, value = '' }) => [name, value]));
}
