import { stringify } from 'yaml';
import type { KedaRelease } from '../../tools/manifests/keda-releases.ts';
import { type Manifest, parseManifests } from './manifest.ts';
import { render, renderedSets } from './rendered.ts';
import { shownObjects } from './shown-objects.ts';

/** Every object of KEDA that users apply, from overlays, examples and documents: those of each set, by its name. */
export async function kedaObjects(): Promise<Readonly<Record<string, readonly Manifest[]>>> {
  const sets = await Promise.all(
    renderedSets.map(async (set) => [set.source, parseManifests(await render(set))] as const),
  );
  const shown = Object.entries(shownObjects).map(([name, text]) => [name, parseManifests(text)] as const);
  const isOfKeda = ({ apiVersion }: Manifest) => apiVersion.startsWith('keda.sh/');
  return Object.fromEntries(
    [...sets, ...shown]
      .map(([name, manifests]) => [name, manifests.filter(isOfKeda)] as const)
      .filter(([, manifests]) => manifests.length > 0),
  );
}

/** An object as docs/kubernetes.md says to write it for a release: without the one field that the oldest releases do not know. */
export function asFor(release: KedaRelease, manifest: Manifest): Manifest {
  const fallback = manifest.spec?.['fallback'];
  if (release.lacksFallbackBehavior !== true || fallback === undefined) return manifest;
  const { behavior: _, ...rest } = fallback as Readonly<Record<string, unknown>>;
  return { ...manifest, spec: { ...manifest.spec, fallback: rest } };
}

/** Objects as the YAML that is applied. */
export function asYaml(manifests: readonly Manifest[]): string {
  return manifests.map((manifest) => stringify(manifest)).join('---\n');
}
