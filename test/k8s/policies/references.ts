import type { Manifest } from '../manifest.ts';
import { containersOf, type Workload, workloadsOf } from '../workload.ts';
import type { Fault, Policy } from './policy.ts';

type Reference = readonly [kind: string, name: string, key?: string | undefined];

/** ConfigMaps, Secrets, claims and accounts that pods use are in the set, with the keys they want. */
export const references: Policy = (manifests) =>
  workloadsOf(manifests).flatMap((workload) =>
    referencesOf(workload)
      .filter((reference) => !isResolved(reference, workload.manifest, manifests))
      .map(([kind, name, key]): Fault => {
        const { namespace = '' } = workload.manifest.metadata;
        return [
          workload.manifest,
          `wants ${kind} ${namespace}/${name}${key === undefined ? '' : `, key ${key}`}`,
        ];
      }),
  );

function referencesOf(workload: Workload): readonly Reference[] {
  const { pod } = workload;
  const wanted = (kind: string, reference?: { name: string; key?: string; optional?: boolean }) =>
    reference === undefined || reference.optional === true
      ? []
      : [[kind, reference.name, reference.key] as const];
  return [
    ...containersOf(workload).flatMap(({ env = [], envFrom = [] }) => [
      ...env.flatMap(({ valueFrom }) => [
        ...wanted('ConfigMap', valueFrom?.configMapKeyRef),
        ...wanted('Secret', valueFrom?.secretKeyRef),
      ]),
      ...envFrom.flatMap(({ configMapRef, secretRef }) => [
        ...wanted('ConfigMap', configMapRef),
        ...wanted('Secret', secretRef),
      ]),
    ]),
    ...(pod.volumes ?? []).flatMap(({ configMap, secret, persistentVolumeClaim, projected }) => [
      ...wanted('ConfigMap', configMap),
      ...wanted('Secret', secret && { ...secret, name: secret.secretName }),
      ...wanted('PersistentVolumeClaim', persistentVolumeClaim && { name: persistentVolumeClaim.claimName }),
      ...(projected?.sources ?? []).flatMap((source) => [
        ...wanted('ConfigMap', source.configMap),
        ...wanted('Secret', source.secret),
      ]),
    ]),
    ...(pod.imagePullSecrets ?? []).map(({ name }) => ['Secret', name] as const),
    ...(pod.serviceAccountName === undefined || pod.serviceAccountName === 'default'
      ? []
      : [['ServiceAccount', pod.serviceAccountName] as const]),
  ];
}

function isResolved([kind, name, key]: Reference, user: Manifest, manifests: readonly Manifest[]): boolean {
  return manifests
    .filter(({ metadata }) => metadata.namespace === user.metadata.namespace)
    .some((manifest) => {
      if (manifest.kind === kind && manifest.metadata.name === name) {
        const keys = Object.keys({ ...manifest.data, ...manifest.stringData });
        return key === undefined || keys.includes(key);
      }
      return kind === 'Secret' && secretMadeBy(manifest) === name;
    });
}

/** The Secret that a controller makes of an object: its keys are not known here. */
function secretMadeBy({ kind, metadata, spec }: Manifest): string | undefined {
  const { secretName, target } = (spec ?? {}) as { secretName?: string; target?: { name?: string } };
  if (kind === 'Certificate') return secretName;
  if (kind === 'ExternalSecret') return target?.name ?? metadata.name;
  return kind === 'SealedSecret' ? metadata.name : undefined;
}
