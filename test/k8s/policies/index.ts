import { disruptionBudgets, replicasLeftToTheScaler, scaleTargets } from './availability.ts';
import { pinnedImages, probes, resources } from './containers.ts';
import { labels } from './labels.ts';
import { networkPolicies, services } from './network.ts';
import { leastPrivilege, podSecurity } from './pod-security.ts';
import type { Policy } from './policy.ts';
import { references } from './references.ts';
import { noSecretValues, secretFiles } from './secrets.ts';

/** Our own rules for everything that is applied to a cluster. */
export const policies = {
  'pod-security': podSecurity,
  'least-privilege': leastPrivilege,
  probes,
  resources,
  'pinned-images': pinnedImages,
  'disruption-budgets': disruptionBudgets,
  'replicas-left-to-the-scaler': replicasLeftToTheScaler,
  'scale-targets': scaleTargets,
  'network-policies': networkPolicies,
  services,
  references,
  'no-secret-values': noSecretValues,
  'secret-files': secretFiles,
  labels,
} as const satisfies Record<string, Policy>;
