import { type Cluster, findKeda, type Keda, ourNamespaces, render } from './cluster.ts';
import { condition, holding, nameOf, namesOf, type Objects } from './objects.ts';
import { StackError, say, typed } from './processes.ts';
import { change, confirm, confirmContext, type Session, send, timeout } from './session.ts';
import { ours, partOf } from './tables.ts';

/** A release of the chart carries our label as well, and belongs to Helm. */
const selector = `${ours},app.kubernetes.io/managed-by!=Helm`;

/**
 * Deletes what carries our label and nothing else, in an order in which nothing gets stuck: first ScaledObjects, while KEDA runs and
 * removes its finalizer, then the rest, then namespaces in which nothing of somebody else is left. It lists all objects of ours
 * before the first deletion. A question that the cluster does not answer ends the run.
 */
export async function cleanup(session: Session): Promise<void> {
  const { cluster, options } = session;
  await confirmContext(session);
  await refuseSilentApis(cluster);
  const all = await kindsOf(cluster, true);
  const kinds = deletableKinds(all, options.data === true).join();
  const wide = clusterKinds(await kindsOf(cluster, false)).join();
  const namespaces = (await ourNamespaces(cluster)).filter((name) => name !== 'keda');
  // Also in namespaces of others: the Role with which Prometheus sees KEDA is in the namespace keda.
  const found = await cluster.list(kinds, '-A', '-l', selector);
  const keda = await findKeda(cluster);
  const wantsKeda = options.keda === true || options.crds === true;
  if (found.length + namespaces.length === 0 && !wantsKeda) {
    return say(`nothing of ours is in the cluster of context ${cluster.context}`);
  }
  if (wantsKeda) await refuseToOrphan(cluster, keda);
  describe(session, found);
  await confirm(options, 'This deletes all of that.', cluster.context);

  const remove = (...args: readonly string[]) =>
    change(options, cluster.command('delete', ...args, timeout(options))).catch(({ message }: Error) => {
      throw new StackError(message, `a ScaledObject stays where KEDA is gone; then: ${unstick(cluster)}`);
    });
  if (keda.hasDefinitions) await remove('scaledobjects.keda.sh', '-A', '-l', selector);
  await remove(kinds, '-A', '-l', selector);
  await remove(wide, '-l', selector);
  for (const namespace of namespaces) {
    const held = holding(await cluster.list(all.join(), '-n', namespace), options.data === true);
    if (held.length > 0) say(`namespace ${namespace} stays, for it holds: ${held.join(', ')}`);
    else await remove('namespace', namespace, '--ignore-not-found');
  }
  await removeKeda(session);
  if (options.data !== true) say('kept: PersistentVolumeClaims and secrets (--data)');
  if (keda.isOurs && options.keda !== true) say('kept: KEDA (--keda) and its definitions (--crds)');
}

/**
 * Refuses a cluster in which an aggregated API does not answer: its kinds are hidden, and with them objects of others in our
 * namespaces. kubectl does not report that. APIs of metrics have no objects that could be deleted.
 */
async function refuseSilentApis(cluster: Cluster): Promise<void> {
  const apis = (await cluster.list('apiservices')).filter((one) => condition(one, 'Available') !== 'True');
  const silent = namesOf(apis).filter((name) => !name.endsWith('metrics.k8s.io'));
  if (silent.length === 0) return;
  const remedy = 'repair or delete them: kubectl describe apiservice says why';
  throw new StackError(`APIs of the cluster do not answer: ${silent.join(', ')}`, remedy);
}

/** Names of the kinds that can be listed and deleted, such as deployments.apps. */
async function kindsOf(cluster: Cluster, inNamespaces: boolean): Promise<readonly string[]> {
  const wanted = [`--namespaced=${inNamespaces}`, '--verbs=list,delete', '--output=name'];
  const names = await cluster.read('api-resources', ...wanted);
  return names.trim().split('\n');
}

/** Kinds in namespaces whose objects of ours are deleted: none that a controller makes, and none with data unless wanted. */
export function deletableKinds(kinds: readonly string[], withData: boolean): readonly string[] {
  const made = /^(pods|replicasets|endpoints|endpointslices|controllerrevisions|events|leases)(\.|$)/;
  const isData = (kind: string) => kind === 'persistentvolumeclaims' || kind === 'secrets';
  return kinds.filter((kind) => !made.test(kind) && (withData || !isData(kind)));
}

/** Kinds of the whole cluster whose objects of ours are deleted at once. */
export const clusterKinds = (kinds: readonly string[]): readonly string[] =>
  kinds.filter((kind) => !/^(namespaces|nodes|persistentvolumes|customresourcedefinitions\..*)$/.test(kind));

/** KEDA belongs to the whole cluster: without it, ScaledObjects of others would stop scaling or be deleted. */
async function refuseToOrphan(cluster: Cluster, { version, isOurs, hasDefinitions }: Keda): Promise<void> {
  if (!isOurs && version !== undefined) {
    throw new StackError('KEDA was not installed by ./stack', 'remove it the way it was installed');
  }
  const kinds = ['scaledobjects', 'scaledjobs', 'triggerauthentications', 'clustertriggerauthentications'];
  const all = kinds.map((kind) => `${kind}.keda.sh`).join();
  const others = hasDefinitions ? await cluster.list(all, '-A', '-l', `${partOf}!=forescale`) : [];
  if (others.length === 0) return;
  throw new StackError(`others use KEDA: ${others.map(nameOf).join(', ')}`, 'leave --keda and --crds out');
}

function describe({ cluster, options }: Session, found: Objects): void {
  say(`in the cluster of context ${cluster.context}, labelled ${ours}:`);
  for (const [namespace, objects] of Map.groupBy(found, ({ metadata }) => metadata.namespace)) {
    say(`  namespace ${namespace}: ${objects.length} objects`);
  }
  if (options.data === true) say('  with PersistentVolumeClaims and secrets');
  if (options.keda === true) say('  KEDA, with its namespace');
  if (options.crds === true) say('  the definitions of KEDA, with every ScaledObject of the cluster');
}

async function removeKeda(session: Session): Promise<void> {
  const { cluster, options } = session;
  if (options.keda !== true && options.crds !== true) return;
  const going = (await render(cluster, 'k8s/components/keda')).filter(
    ({ kind }) => options[kind === 'CustomResourceDefinition' ? 'crds' : 'keda'] === true,
  );
  await send(session, ['delete', '--ignore-not-found', timeout(options)], going);
}

/** The command that takes the finalizer of KEDA away from a ScaledObject. */
const unstick = (cluster: Cluster) =>
  typed(cluster.command('patch', 'scaledobject', 'NAME', '-n=NAMESPACE', '--type=merge', '-p', noFinalizer));
const noFinalizer = '{"metadata":{"finalizers":null}}';
