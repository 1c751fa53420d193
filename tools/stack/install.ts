import { randomBytes } from 'node:crypto';
import { findKeda, type Keda, render } from './cluster.ts';
import { waitForRollouts } from './deploy.ts';
import { isAtLeast, namesOf, type Objects, ofKind, placeOf } from './objects.ts';
import { StackError, say, show } from './processes.ts';
import {
  applying,
  confirmContext,
  refuseForeignNamespaces,
  renderTarget,
  type Session,
  send,
  timeout,
} from './session.ts';
import { kedaVersion, partOf, secrets } from './tables.ts';

/** Brings what a cluster needs once. The second time it finds everything there. */
export async function install(session: Session): Promise<void> {
  await confirmContext(session);
  const manifests = await renderTarget(session);
  await refuseForeignNamespaces(session, manifests);
  if (session.options.keda !== false) await installKeda(session);
  await send(session, applying, ofKind(manifests, 'Namespace'));
  for (const secret of secrets) await ensureSecret(session, manifests, secret);
  if (session.options.dryRun !== true) say('installed; next: ./stack deploy');
}

/** What `install` does about KEDA: brings or updates its own, and leaves one of somebody else alone. */
export function kedaDecision({ version, isOurs, hasDefinitions }: Keda): 'apply' | 'keep' | 'refuse' {
  if (version !== undefined) return isOurs && !isAtLeast(version, kedaVersion) ? 'apply' : 'keep';
  return hasDefinitions && !isOurs ? 'refuse' : 'apply';
}

async function installKeda(session: Session): Promise<void> {
  const { cluster, options } = session;
  const found = await findKeda(cluster);
  const decision = kedaDecision(found);
  if (decision === 'keep') return say(`KEDA ${found.version} is there`);
  if (decision === 'refuse') {
    const remedy = 'remove the definitions or bring the operator back; --no-keda goes on without KEDA';
    throw new StackError('the CustomResourceDefinitions of KEDA are there, but no operator runs', remedy);
  }
  await send(session, applying, await render(cluster, 'k8s/components/keda'));
  if (options.dryRun === true) return;
  const wait = ['wait', '--for=condition=Established', timeout(options), 'crd/scaledobjects.keda.sh'];
  await show(cluster.command(...wait));
  await waitForRollouts(session, ['keda']);
}

/** Whether manifests bring a secret themselves, or have an operator bring it. */
export const bringsSecret = (manifests: Objects, place: string): boolean =>
  ofKind(manifests, 'Secret', 'ExternalSecret', 'SealedSecret').some((one) => placeOf(one) === place);

/** Generates a secret, unless there is one: that is left alone, whoever made it. */
async function ensureSecret(
  { cluster, options }: Session,
  manifests: Objects,
  { namespace, name, keys }: (typeof secrets)[number],
): Promise<void> {
  const place = `${namespace}/${name}`;
  if (!namesOf(ofKind(manifests, 'Namespace')).includes(namespace)) return;
  if (bringsSecret(manifests, place)) return say(`secret ${place} comes with the manifests`);
  if ((await cluster.find('secret', name, namespace)) !== undefined) return say(`secret ${place} is there`);
  if (options.dryRun === true) return say(`would create: secret ${place}, generated`);
  const component = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': 'secret' };
  const metadata = { name, namespace, labels: { ...component, [partOf]: 'forescale' } };
  const value = (key: string) => (key === 'admin-user' ? 'admin' : randomBytes(24).toString('hex'));
  const stringData = Object.fromEntries(Object.keys(keys).map((key) => [key, value(key)]));
  const secret = { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata, stringData };
  // On stdin, so that no list of processes shows it.
  await show(cluster.command('create', '-f', '-'), JSON.stringify(secret));
}
