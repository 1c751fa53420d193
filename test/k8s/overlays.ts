import { skippedNote, whyMissing } from '../real/real-programs.ts';
import { foldersOf, kustomized, type Manifest } from './kustomized.ts';

/** Why nothing can be rendered on this machine; the names of skipped tests end with it. */
export const missing = await whyMissing('kustomize');
export const note = skippedNote(missing);

export const overlayNames = foldersOf('k8s/overlays');
/** Names of the overlays for a cluster on one machine. */
export const localNames = ['k3s', 'kind', 'local', 'microk8s', 'minikube'];

/** Every overlay, rendered; empty where nothing can be rendered. */
export const overlays: ReadonlyMap<string, readonly Manifest[]> = new Map(
  missing === undefined
    ? await Promise.all(
        overlayNames.map(async (name) => [name, await kustomized(`k8s/overlays/${name}`)] as const),
      )
    : [],
);

export function overlay(name: string): readonly Manifest[] {
  const manifests = overlays.get(name);
  if (manifests === undefined) throw new Error(`no overlay ${name}`);
  return manifests;
}

/** Findings of a check in each overlay, with the name of the overlay. */
export function inAll<T>(check: (manifests: readonly Manifest[]) => readonly T[]): [string, T][] {
  return [...overlays].flatMap(([name, manifests]) =>
    check(manifests).map((found) => [name, found] as [string, T]),
  );
}
