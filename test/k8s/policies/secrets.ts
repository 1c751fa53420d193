import { ofKind } from '../manifest.ts';
import { containersOf, workloadsOf } from '../workload.ts';
import type { Fault, Policy } from './policy.ts';

/** No secret is in what is applied: they are made at install or come from where secrets live. */
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

/** A path to a secret is none. */
function isSecretName(name: string): boolean {
  return (
    /PASSWORD|SECRET|TOKEN|CREDENTIAL|PRIVATE_KEY|API_?KEY/.test(name) && !/_(?:FILE|PATH|DIR)$/.test(name)
  );
}
