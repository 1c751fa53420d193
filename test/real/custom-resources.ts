import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kedaVersion } from '../../src/demo/programs/cluster-programs.ts';
import { downloadGoModule } from '../../src/demo/programs/go-program.ts';
import { type Manifest, parseManifests } from './server-dry-run.ts';

/** Where the makers of the kinds that are not Kubernetes' own keep their definitions. */
const modules = [
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
];

type Definition = Manifest & {
  readonly spec: { readonly group: string; readonly names: { readonly kind: string } };
};

/**
 * The definitions of the kinds among the manifests that are not Kubernetes' own, from their makers' Go modules. No others:
 * each that is applied costs the server and every kubectl after it.
 */
export async function definitionsFor(manifests: readonly Manifest[]): Promise<readonly Manifest[]> {
  const used = new Set(manifests.map(({ apiVersion, kind }) => `${apiVersion.split('/')[0]} ${kind}`));
  const definitions: Definition[] = [];
  for (const module of modules) {
    const folder = join(await downloadGoModule(module, tmpdir(), process.env), module.folder);
    const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
    const found = files
      .flatMap((file) => parseManifests(readFileSync(join(folder, file), 'utf8')))
      .filter((manifest) => manifest.kind === 'CustomResourceDefinition') as Definition[];
    if (found.length === 0) throw new Error(`${module.path} has no definitions in ${module.folder}`);
    definitions.push(...found.filter(({ spec }) => used.has(`${spec.group} ${spec.names.kind}`)));
  }
  return definitions;
}
