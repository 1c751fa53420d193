import { findKeda } from './cluster.ts';
import { bringImage } from './image.ts';
import {
  localImage,
  nameOf,
  namesOf,
  namespacesNeeded,
  type Objects,
  ofKind,
  usesLocalImage,
  withIdentity,
} from './objects.ts';
import { refuseTakenPorts } from './ports.ts';
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
import { isLocal, ours } from './tables.ts';

/** Brings the image and the manifests, and waits until everything runs. The second time it changes only what differs. */
export async function deploy(session: Session): Promise<void> {
  const { target, options } = session;
  await confirmContext(session);
  await refuseTakenPorts(session);
  const manifests = await renderTarget(session);
  if (!isLocal(target) && usesLocalImage(manifests)) {
    const remedy = `push it to yours, then: ./stack deploy --target ${target} --image REGISTRY/${localImage}`;
    throw new StackError(`no registry has ${localImage}`, remedy);
  }
  await refuseForeignNamespaces(session, manifests);
  if (options.dryRun !== true) await needPrerequisites(session, manifests);
  const identity = await bringImage(session);
  const objects = identity === undefined ? manifests : withIdentity(manifests, identity);
  if (options.dryRun === true) return send(session, applying, objects);
  // KEDA asks again after ever longer waits, of minutes, where a ScaledObject came before its scaler answers. So they come last,
  // even where something did not come up.
  const scaled = ofKind(objects, 'ScaledObject');
  await send(
    session,
    applying,
    objects.filter((one) => !scaled.includes(one)),
  );
  try {
    await waitForRollouts(session, namesOf(ofKind(manifests, 'Namespace')), '-l', ours);
  } finally {
    if (scaled.length > 0) await send(session, applying, scaled);
  }
  say('deployed; next: ./stack test, ./stack ports, ./stack seed');
}

async function needPrerequisites({ target, cluster }: Session, manifests: Objects): Promise<void> {
  const remedy = `./stack install --target ${target} brings it`;
  const present = namesOf(await cluster.list('namespaces'));
  const missing = namespacesNeeded(manifests).filter((name) => !present.includes(name));
  if (missing.length > 0) throw new StackError(`there is no namespace ${missing.join(', ')}`, remedy);
  if (!(await findKeda(cluster)).hasDefinitions) throw new StackError('KEDA is not installed', remedy);
}

/** Waits for the rollouts in some namespaces, each for --timeout, and then says which did not end. */
export async function waitForRollouts(
  { cluster, options }: Session,
  namespaces: readonly string[],
  ...selector: string[]
): Promise<void> {
  const late: string[] = [];
  for (const namespace of namespaces) {
    for (const one of await cluster.list('deployments,statefulsets', '-n', namespace, ...selector)) {
      const wait = ['rollout', 'status', nameOf(one), '-n', namespace, timeout(options)];
      await show(cluster.command(...wait)).catch(() => late.push(`${namespace}/${nameOf(one)}`));
    }
  }
  if (late.length === 0) return;
  throw new StackError(
    `not everything came up: ${late.join(', ')}`,
    './stack logs and kubectl describe say why',
  );
}
