import type { Objects } from './objects.ts';
import { hasProgram } from './processes.ts';
import { localContext, type Target } from './tables.ts';

/** Command line prefix of the kubectl for a target, as separate words; empty where no such program is installed. */
export function kubectlOf(
  target: Target | undefined,
  given: string | undefined,
  has = hasProgram,
): readonly string[] {
  if (given !== undefined) return given.trim().split(/\s+/);
  // The kubectl of a distribution has its own kubeconfig, so it comes first.
  if ((target === 'k3s' || target === 'microk8s') && has(target)) return [target, 'kubectl'];
  if (has('kubectl')) return ['kubectl'];
  return target === 'minikube' && has('minikube') ? ['minikube', 'kubectl', '--'] : [];
}

/** The target that a context belongs to, from its name and the version of its API server. */
export function targetOf(context: string, version: string): Target | undefined {
  if (context === 'minikube' || context === 'microk8s') return context;
  if (context.startsWith('kind-')) return 'kind';
  if (context === localContext) return 'local';
  return version.includes('+k3s') ? 'k3s' : undefined;
}

/**
 * Whether a cluster looks like the one a local target is for. A local overlay opens ports of the nodes, with a Prometheus that asks
 * for no password, so it does not go into any cluster that happens to be the current one.
 */
export function looksLike(target: Target, context: string, version: string, nodes: Objects): boolean {
  const isLabelled = (key: string, value: string) =>
    nodes.some(({ metadata }) => metadata.labels?.[key] === value);
  if (target === 'k3s') return version.includes('+k3s');
  if (target === 'microk8s') return context === 'microk8s' || isLabelled('microk8s.io/cluster', 'true');
  if (target === 'minikube') return context === 'minikube' || isLabelled('minikube.k8s.io/name', context);
  if (target === 'local') return context === localContext;
  return target !== 'kind' || context.startsWith('kind-');
}

/** Whether the name of a context has prod, production, prd or live as a word. */
export const looksLikeProduction = (context: string): boolean =>
  /(^|[^a-z])(prod|production|prd|live)([^a-z]|$)/i.test(context);
