import { createInterface } from 'node:readline/promises';
import { stringify } from 'yaml';
import { type Cluster, openCluster, render, serverVersion } from './cluster.ts';
import type { Options } from './command-line.ts';
import { foreignNamespaces, type Objects, withImage } from './objects.ts';
import { capture, print, StackError, say, show, typed, UsageError } from './processes.ts';
import { isLocal, ours, type Target } from './tables.ts';
import { kubectlOf, looksLike, looksLikeProduction, targetOf } from './target.ts';

/** One run of a verb against a cluster. */
export interface Session {
  readonly target: Target;
  readonly cluster: Cluster;
  readonly words: readonly string[];
  readonly options: Options;
}

/** The target and the cluster that options mean. */
export async function selectTarget(options: Options): Promise<Pick<Session, 'target' | 'cluster'>> {
  const open = async (target?: Target) => {
    const kubectl = kubectlOf(target, options.kubectl);
    const current = async () => (await capture([...kubectl, 'config', 'current-context'])).stdout.trim();
    return openCluster(kubectl, options.context ?? (await current()));
  };
  if (options.target !== undefined) return { target: options.target, cluster: await open(options.target) };
  const { context, ...cluster } = await open();
  const target = targetOf(context, await serverVersion({ context, ...cluster }).catch(() => ''));
  if (target === undefined) throw new UsageError('the current context tells no target', 'give --target');
  say(`target ${target}, told from the context ${context}`);
  return { target, cluster: await open(target) };
}

/** Ends the run where the cluster does not answer. */
export async function needCluster({ cluster }: Session): Promise<void> {
  const remedy = 'install kubectl or give --kubectl; set KUBECONFIG or give --context';
  if (cluster.context === '') throw new StackError('there is no kubectl or no current context', remedy);
  await serverVersion(cluster);
}

/** Asks for a word to be typed, unless --yes or --dry-run is given. Without a terminal nobody can answer, so the run ends. */
export async function confirm({ yes, dryRun }: Options, question: string, word: string): Promise<void> {
  if (yes === true || dryRun === true) return;
  const remedy = 'give --yes where you are sure';
  if (!process.stdin.isTTY) throw new StackError(`${question} Nobody is there to ask.`, remedy);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} Type "${word}" to go on: `);
  terminal.close();
  if (answer !== word) throw new StackError('nothing was changed');
}

/** Before the first change: names the context, and asks where a mistake would hurt. */
export async function confirmContext(session: Session): Promise<void> {
  const { target, cluster, options } = session;
  const { context } = cluster;
  await needCluster(session);
  say(`target ${target}, context ${context}`);
  if (looksLikeProduction(context) && options.yes !== true && options.dryRun !== true) {
    throw new StackError(`the context ${context} looks like production`, 'give --yes where you mean it');
  }
  const nodes = isLocal(target) ? await cluster.list('nodes') : [];
  if (!looksLike(target, context, await serverVersion(cluster), nodes)) {
    await confirm(options, `The cluster of context ${context} does not look like ${target}.`, context);
  } else if (target === 'staging' || target === 'production') {
    await confirm(options, `This changes the cluster of context ${context}.`, context);
  }
}

/** Runs a command that changes something. A dry run prints the command, and `input`, the one thing on stdout. */
export async function change({ dryRun }: Options, argv: readonly string[], input?: string): Promise<void> {
  if (dryRun !== true) return show(argv, input);
  say(`would run: ${typed(argv)}${input === undefined ? '' : ' < (what is on stdout)'}`);
  if (input !== undefined) print(input.trimEnd());
}

/** Applies, creates or deletes manifests. */
export function send(
  { cluster, options }: Session,
  args: readonly string[],
  manifests: Objects,
): Promise<void> {
  const text = manifests.map((one) => `---\n${stringify(one)}`).join('');
  return change(options, cluster.command(...args, '-f', '-'), text);
}

/** On the server, because some definitions are too large for the annotation that kubectl writes otherwise. */
export const applying = ['apply', '--server-side', '--field-manager=forescale-stack'];

/** How long to wait for each thing, as an option of kubectl. */
export const timeout = ({ timeout: given = '5m' }: Options): string => `--timeout=${given}`;

/** The manifests of the target, with the image of --image. */
export async function renderTarget({ target, cluster, options }: Session): Promise<Objects> {
  const manifests = await render(cluster, `k8s/overlays/${target}`);
  return options.image === undefined ? manifests : withImage(manifests, options.image);
}

/** Refuses namespaces of others, whose pods would come under our Pod Security level, quota and network policies. */
export async function refuseForeignNamespaces({ cluster }: Session, manifests: Objects): Promise<void> {
  const names = foreignNamespaces(manifests, await cluster.list('namespaces'));
  if (names.length === 0) return;
  const label = typed(cluster.command('label', 'namespace', names[0] ?? '', ours));
  const remedy = `the Helm chart brings the scaler alone; a namespace of your own becomes ours with: ${label}`;
  throw new StackError(`not ours, but there: namespace ${names.join(', ')}`, remedy);
}
