import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { projectRoot } from '../repository/project-files.ts';
import { type Labels, ofKind, parseManifests as parse, type Manifest as UnreadManifest } from './manifest.ts';
import { render } from './rendered.ts';
import { podTemplateOf } from './workload.ts';

/** A manifest whose `spec` is read as it comes. */
export type Manifest = Omit<UnreadManifest, 'spec'> & {
  // biome-ignore lint/suspicious/noExplicitAny: of every kind there is; what is looked at is asserted.
  readonly spec?: any;
};

/** Folders directly below one of k8s. */
export function foldersOf(path: string): string[] {
  return readdirSync(resolve(projectRoot, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Objects that kustomize renders from a folder of the project. YAML that Kubernetes would read in another way is an error. */
export async function kustomized(path: string): Promise<readonly Manifest[]> {
  return parseManifests(await render({ source: path, program: 'kustomize' }));
}

export function parseManifests(text: string): readonly Manifest[] {
  return parse(text);
}

/** The object of a kind and name. Throws where there is none. */
export function find(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = ofKind(manifests, kind).filter(({ metadata }) => metadata.name === name);
  if (found.length !== 1) throw new Error(`${found.length} of ${kind} ${name}`);
  return found[0] as Manifest;
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
    const template = podTemplateOf(owner) as PodTemplate | undefined;
    const container = template?.spec.containers[0];
    return template === undefined || container === undefined
      ? []
      : [{ owner, labels: template.metadata.labels, template, container }];
  });
}

export function variablesOf({ env = [] }: Container): Record<string, string> {
  return Object.fromEntries(env.map(({ name, value = '' }) => [name, value]));
}
