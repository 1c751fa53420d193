import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { customResourceModules } from '../../tools/manifests/manifest-schemas.ts';
import { downloadGoModule } from '../../tools/programs/go-program.ts';
import { type Manifest, parseManifests } from '../k8s/manifest.ts';

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
  for (const module of customResourceModules) {
    const found = await definitionsOf(module);
    definitions.push(...found.filter(({ spec }) => used.has(`${spec.group} ${spec.names.kind}`)));
  }
  return definitions;
}

/** Every CustomResourceDefinition in a folder of a Go module. Throws where there is none. */
export async function definitionsOf(module: {
  readonly path: string;
  readonly version: string;
  readonly folder: string;
}): Promise<readonly Definition[]> {
  const folder = join(await downloadGoModule(module, tmpdir(), process.env), module.folder);
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  const found = files
    .flatMap((file) => parseManifests(readFileSync(join(folder, file), 'utf8')))
    .filter((manifest) => manifest.kind === 'CustomResourceDefinition') as Definition[];
  if (found.length === 0) throw new Error(`${module.path} has no definitions in ${module.folder}`);
  return found;
}
