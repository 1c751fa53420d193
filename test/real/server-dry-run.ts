import type { Kubectl } from '../../tools/cluster/kubectl.ts';
import type { Manifest } from '../k8s/manifest.ts';
import { eventually } from '../support/eventually.ts';

export interface DryRun {
  /** `kind.group/name` of each object that the server would accept. */
  readonly accepted: readonly string[];
  /** Deprecated kinds, and rules of Pod Security that a workload breaks. */
  readonly warnings: readonly string[];
  /** All other output of the server, which says why it refused objects. */
  readonly refusals: readonly string[];
}

/**
 * Has the server say what it would make of the manifests, unknown fields refused. A dry run cannot see what it did
 * not do, so Namespaces and CustomResourceDefinitions are applied for real first, as are Namespaces that are named only;
 * and ServiceAccounts are there while Pods are asked about.
 */
export async function dryRun(kubectl: Kubectl, manifests: readonly Manifest[]): Promise<DryRun> {
  await applyPrerequisites(kubectl, manifests);
  const pods = manifests.filter(({ kind }) => kind === 'Pod');
  const others = manifests.filter((manifest) => !isPrerequisite(manifest) && !pods.includes(manifest));
  const saidOfOthers = await ask(kubectl, others);
  if (pods.length === 0) return saidOfOthers;
  const accounts = accountsOf(pods);
  await apply(kubectl, accounts);
  const saidOfPods = await ask(kubectl, pods);
  await mustSucceed(kubectl, ['delete', '--filename=-'], asDocuments(accounts));
  return {
    accepted: [...saidOfOthers.accepted, ...saidOfPods.accepted],
    warnings: [...saidOfOthers.warnings, ...saidOfPods.warnings],
    refusals: [...saidOfOthers.refusals, ...saidOfPods.refusals],
  };
}

async function ask(kubectl: Kubectl, manifests: readonly Manifest[]): Promise<DryRun> {
  if (manifests.length === 0) return { accepted: [], warnings: [], refusals: [] };
  const args = ['apply', '--dry-run=server', '--validate=strict', '--filename=-'];
  const { stdout, stderr } = await kubectl(args, asDocuments(manifests));
  const complaints = stderr.split('\n').filter((line) => line.trim() !== '');
  const isWarning = (line: string) => line.startsWith('Warning: ');
  return {
    accepted: [...stdout.matchAll(/^(\S+) created \(server dry run\)$/gm)].map(([, name = '']) => name),
    warnings: complaints.filter(isWarning),
    refusals: complaints.filter((line) => !isWarning(line)),
  };
}

/** The ServiceAccounts that Pods run as, without which admission refuses them. */
function accountsOf(pods: readonly Manifest[]): readonly Manifest[] {
  const accounts = pods.map(({ metadata: { namespace = 'default' }, spec }) => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: String(spec?.['serviceAccountName'] ?? 'default'), namespace },
  }));
  return [...new Map(accounts.map((account) => [JSON.stringify(account), account])).values()];
}

/** Applies Namespaces and CustomResourceDefinitions; rejects when the server does not take them. */
export async function applyPrerequisites(kubectl: Kubectl, manifests: readonly Manifest[]): Promise<void> {
  const given = manifests.filter(isPrerequisite);
  const names = new Set(
    given.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name),
  );
  const present = await mustSucceed(kubectl, ['get', 'namespaces', '--output=name']);
  const named = [...new Set(manifests.map(({ metadata }) => metadata.namespace ?? 'default'))]
    .filter((name) => !names.has(name) && !present.includes(`namespace/${name}\n`))
    .map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  const wanted = [...given, ...named];
  if (wanted.length === 0) return;
  await apply(kubectl, wanted);
  await eventually(
    async () => unfinished(await mustSucceed(kubectl, ['get', 'crd', '--output=json'])),
    (names) => names.length === 0,
  );
}

interface Definition {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[] | null;
  };
}

/**
 * The CustomResourceDefinitions of a list that are not served yet. `kubectl wait` would do, did it not fail on one that has no
 * conditions so far.
 */
function unfinished(list: string): readonly string[] {
  const { items } = JSON.parse(list) as { readonly items: readonly Definition[] };
  const isServed = ({ status }: Definition) =>
    status?.conditions?.some((condition) => condition.type === 'Established' && condition.status === 'True');
  return items.filter((definition) => isServed(definition) !== true).map(({ metadata }) => metadata.name);
}

/**
 * Applies manifests for real; rejects when the server does not take them. By the server, as some definitions are larger
 * than the annotation that kubectl would keep of them.
 */
export async function apply(kubectl: Kubectl, manifests: readonly Manifest[]): Promise<void> {
  const args = ['apply', '--server-side', '--force-conflicts', '--validate=strict', '--filename=-'];
  await mustSucceed(kubectl, args, asDocuments(manifests));
}

/** Whether an object is applied for real, because objects in the dry run need it. */
export function isPrerequisite({ kind }: Manifest): boolean {
  return kind === 'Namespace' || kind === 'CustomResourceDefinition';
}

/** Writes objects as separate JSON documents. kubectl validates a List itself instead of leaving that to the server. */
function asDocuments(manifests: readonly Manifest[]): string {
  return manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n');
}

export async function mustSucceed(
  kubectl: Kubectl,
  args: readonly string[],
  input?: string,
): Promise<string> {
  const { exitCode, stdout, stderr } = await kubectl(args, input);
  if (exitCode !== 0) throw new Error(`kubectl ${args.join(' ')} failed: ${stderr}`);
  return stdout;
}
