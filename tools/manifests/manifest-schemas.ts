import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { kedaVersion } from '../programs/cluster-programs.ts';
import { cacheDirectory } from '../programs/find-program.ts';
import { downloadGoModule } from '../programs/go-program.ts';
import type { ProgramEnvironment } from '../programs/program.ts';
import { unpackPythonWheel } from '../programs/python-wheel.ts';
import { makeWholeFolder } from '../programs/whole-folder.ts';
import { type CustomResourceDefinition, objectSchema } from './custom-resource-schema.ts';
import { kedaDefinitions, kedaReleases } from './keda-releases.ts';

/** The oldest minor version of Kubernetes that our manifests support. */
export const oldestMinor = 31;

/** How the schemas are laid out in files. A new name makes every machine lay them out anew. */
const layout = 'a file for each definition, with what every object has';

/** The Python package with the schemas of Kubernetes' own kinds, in a folder for each version. */
const kubernetesWheel = {
  package: 'kubernetes-validate',
  version: '1.37.0',
  content: 'kubernetes_validate/kubernetes-json-schema',
};

/** The newest minor version of Kubernetes that our manifests support: the newest that has schemas. */
export const newestMinor = Number(kubernetesWheel.version.split('.')[1]);

/** The Go modules with the definitions of the other kinds we use, each at the newest version that Go 1.26 can read. */
export const customResourceModules = [
  { path: 'github.com/kedacore/keda/v2', version: kedaVersion, folder: 'config/crd/bases' },
  {
    path: 'github.com/prometheus-operator/prometheus-operator',
    version: 'v0.89.0',
    folder: 'example/prometheus-operator-crd',
  },
  { path: 'github.com/cert-manager/cert-manager', version: 'v1.21.2', folder: 'deploy/crds' },
  { path: 'sigs.k8s.io/gateway-api', version: 'v1.4.0', folder: 'config/crd/standard' },
  { path: 'github.com/external-secrets/external-secrets', version: 'v1.3.2', folder: 'config/crds/bases' },
  { path: 'github.com/bitnami-labs/sealed-secrets', version: 'v0.40.0', folder: 'helm/sealed-secrets/crds' },
  { path: 'github.com/argoproj/argo-cd/v3', version: 'v3.1.8', folder: 'manifests/crds' },
  { path: 'github.com/fluxcd/helm-controller', version: 'v1.4.0', folder: 'config/crd/bases' },
  { path: 'github.com/fluxcd/kustomize-controller', version: 'v1.7.3', folder: 'config/crd/bases' },
  { path: 'github.com/fluxcd/source-controller', version: 'v1.7.0', folder: 'config/crd/bases' },
  { path: 'istio.io/api', version: 'v1.32.0', folder: 'kubernetes' },
  {
    path: 'github.com/cilium/cilium',
    version: 'v1.20.2',
    folder: 'pkg/k8s/apis/cilium.io/client/crds/v2',
  },
];

export interface ManifestSchemas {
  /** The folder that contains the schemas; the other fields are paths in it. */
  readonly path: string;
  readonly from: 'cache' | 'fetched';
  /** Files of Kubernetes' own kinds: `X.Y.Z/<kind>-<group>-<version>.json`. */
  readonly kubernetes: string;
  /** Files of custom resources: `<group>/<kind>_<version>.json`. */
  readonly customResources: string;
  /** A folder of custom resources for each release of KEDA, such as `v2.15.1`. */
  readonly kedaReleases: string;
}

/**
 * Folders of JSON Schemas that refuse unknown fields, fetched once from package registries. Rejects with an Error that
 * names the package or module that is not available.
 */
export async function manifestSchemas(
  env: ProgramEnvironment,
  onFetch?: () => void,
  signal?: AbortSignal,
): Promise<ManifestSchemas> {
  // The folder's name contains a hash of all pinned versions, so that a new pin is fetched.
  const pins = createHash('sha256').update(
    JSON.stringify([layout, oldestMinor, kubernetesWheel, customResourceModules, kedaReleases]),
  );
  const path = join(cacheDirectory(env), `schemas-${pins.digest('hex').slice(0, 12)}`);
  const folders = {
    kubernetes: join(path, 'kubernetes'),
    customResources: join(path, 'custom-resources'),
    kedaReleases: join(path, 'keda-releases'),
  };
  if (await isFolder(path)) return { path, from: 'cache', ...folders };
  onFetch?.();
  await makeWholeFolder(path, async (work) => {
    await unpackPythonWheel(kubernetesWheel, join(work, 'unpacked'), env, signal);
    await keepStrictSchemas(join(work, 'unpacked'), join(work, 'kubernetes'));
    await rm(join(work, 'unpacked'), { recursive: true });
    for (const module of customResourceModules)
      await writeSchemas(
        await downloadGoModule(module, work, env, signal),
        module.folder,
        join(work, 'custom-resources'),
      );
    for (const release of kedaReleases) {
      const { folder, ...module } = kedaDefinitions(release);
      const definitions = await downloadGoModule(module, work, env, signal);
      await writeSchemas(definitions, folder, join(work, 'keda-releases', release.version));
    }
    return work;
  });
  return { path, from: 'fetched', ...folders };
}

/** Copies the schemas that refuse unknown fields, for the versions we support, with references as relative paths. */
async function keepStrictSchemas(from: string, to: string): Promise<void> {
  for (const version of await readdir(from)) {
    const [, minor] = /^v1\.(\d+)\.0-local-strict$/.exec(version) ?? [];
    if (minor === undefined || Number(minor) < oldestMinor) continue;
    const folder = join(to, `1.${minor}.0`);
    await mkdir(folder, { recursive: true });
    for (const file of await readdir(join(from, version))) {
      // The $id is removed because relative references would be resolved against it, and it is an address on the web.
      const { $id, ...schema } = JSON.parse(await readFile(join(from, version, file), 'utf8'));
      if (file === definitionsFile) await writeDefinitions(schema.$defs, folder);
      else await writeFile(join(folder, file), withOwnFiles(schema));
    }
  }
}

const definitionsFile = '_definitions.json';

/**
 * Writes each definition to a file of its own. Together they are 1.1 MB, which kubeconform would read anew for every kind; a
 * kind needs a hundredth of them.
 */
async function writeDefinitions(
  definitions: Readonly<Record<string, unknown>>,
  folder: string,
): Promise<void> {
  for (const [name, schema] of Object.entries(definitions))
    await writeFile(join(folder, `${name}.json`), withOwnFiles(schema));
}

/** The text of a schema, with references to the files that `writeDefinitions` makes. */
function withOwnFiles(schema: unknown): string {
  return JSON.stringify(schema).replaceAll(
    /"(?:\/api\/_definitions\.json)?#\/\$defs\/([^"]+)"/g,
    '"$1.json"',
  );
}

/** Writes the schemas of every CustomResourceDefinition in a folder of a module. */
async function writeSchemas(module: string, folder: string, to: string): Promise<void> {
  const files = (await readdir(join(module, folder))).filter((file) => file.endsWith('.yaml'));
  for (const file of files) {
    for (const document of parseAllDocuments(await readFile(join(module, folder, file), 'utf8'))) {
      const definition = document.toJS() as ({ kind?: string } & CustomResourceDefinition) | null;
      if (definition?.kind !== 'CustomResourceDefinition') continue;
      const { group, names, versions } = definition.spec;
      await mkdir(join(to, group), { recursive: true });
      for (const { name, schema } of versions) {
        const path = join(to, group, `${names.kind.toLowerCase()}_${name}.json`);
        await writeFile(path, JSON.stringify(objectSchema(schema.openAPIV3Schema)));
      }
    }
  }
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
