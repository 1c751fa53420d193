import { ofKind } from '../manifest.ts';
import { containersOf, workloadsOf } from '../workload.ts';
import type { Fault, Policy } from './policy.ts';

/** No applied manifest contains a secret value. Secrets are made at install or come from a vault. */
export const noSecretValues: Policy = (manifests) => [
  ...ofKind(manifests, 'Secret').flatMap((secret): readonly Fault[] =>
    Object.entries({ ...secret.data, ...secret.stringData })
      .filter(([, value]) => value !== '')
      .map(([key]) => [secret, `has a value for ${key}`]),
  ),
  ...workloadsOf(manifests).flatMap((workload) =>
    containersOf(workload).flatMap(({ env = [] }) =>
      env
        .filter(({ name, value }) => isSecretName(name) && value !== undefined && value !== '')
        .map(({ name }): Fault => [workload.manifest, `has ${name} in plain text`]),
    ),
  ),
];

/** 0440, as YAML 1.2 reads what Helm prints and clusters take for octal, and as kustomize prints it. */
const groupMayRead = [440, 0o440];

/** Files of Secrets are read by the group of the pod and by nobody else. */
export const secretFiles: Policy = (manifests) =>
  workloadsOf(manifests).flatMap(({ manifest, pod }) =>
    (pod.volumes ?? []).flatMap(({ name, secret, projected }): readonly Fault[] => {
      const files = projected?.sources.some((source) => source.secret !== undefined) ? projected : secret;
      if (files === undefined) return [];
      if (pod.securityContext?.fsGroup === undefined) return [[manifest, `has no group to read ${name} as`]];
      return groupMayRead.includes(files.defaultMode ?? 0o644)
        ? []
        : [[manifest, `lets others read ${name} than its group`]];
    }),
  );

/** Whether a name is that of a secret. A name that ends in `_FILE`, `_PATH` or `_DIR` is not, because its value is a path. */
function isSecretName(name: string): boolean {
  return (
    /PASSWORD|SECRET|TOKEN|CREDENTIAL|PRIVATE_KEY|API_?KEY/.test(name) && !/_(?:FILE|PATH|DIR)$/.test(name)
  );
}
