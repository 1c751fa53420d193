import { findKeda, ourNamespaces } from './cluster.ts';
import { condition, placeOf, unready } from './objects.ts';
import { print, StackError, show, UsageError } from './processes.ts';
import { needCluster, type Session } from './session.ts';
import { components, ours, secrets } from './tables.ts';

/** Shows what runs; fails where something is not ready. */
export async function status(session: Session): Promise<void> {
  const { target, cluster } = session;
  await needCluster(session);
  if ((await ourNamespaces(cluster)).length === 0) {
    const where = `the cluster of context ${cluster.context}`;
    throw new StackError(`nothing of ours is in ${where}`, `./stack install --target ${target}`);
  }
  const { version = 'not installed', hasDefinitions } = await findKeda(cluster);
  print(`target ${target}, context ${cluster.context}, KEDA ${version}\n`);
  const kinds = `deployments,statefulsets,jobs,persistentvolumeclaims${hasDefinitions ? ',scaledobjects,hpa' : ''}`;
  await show(cluster.command('get', kinds, '-A', '-l', ours), undefined, 1);
  const late = [...unready(await cluster.list('deployments,statefulsets', '-A', '-l', ours))];
  for (const one of hasDefinitions ? await cluster.list('scaledobjects', '-A', '-l', ours) : []) {
    if (condition(one, 'Ready') !== 'True') late.push(`scaledobject ${placeOf(one)}`);
  }
  if (late.length === 0) return print('\nEverything is ready.');
  print(`\nNot ready:\n${late.join('\n')}`);
  throw new StackError('not everything is ready', './stack logs COMPONENT and kubectl describe say why');
}

/** Shows the logs of a component. */
export async function logs(session: Session): Promise<void> {
  const { words, cluster, options } = session;
  const component = components[words[0] ?? 'forescale'];
  if (component === undefined) {
    const known = Object.keys(components).join(', ');
    throw new UsageError(`there is no component "${words[0]}"`, `the components are ${known}`);
  }
  await needCluster(session);
  const from = [
    '-n',
    component.namespace,
    '-l',
    component.label,
    '--all-containers',
    '--prefix',
    '--tail=200',
  ];
  const follow = options.follow === true ? ['--follow', '--max-log-requests=20'] : [];
  await show(cluster.command('logs', ...from, ...follow), undefined, 1);
}

/** Prints the generated secrets; no other verb shows one. */
export async function credentials(session: Session): Promise<void> {
  await needCluster(session);
  const found: string[] = [];
  for (const { namespace, name, keys } of secrets) {
    const secret = await session.cluster.find('secret', name, namespace);
    for (const [key, what] of Object.entries(keys)) {
      const value = Buffer.from(secret?.data?.[key] ?? '', 'base64').toString();
      if (value !== '') found.push(`${what.padEnd(32)} ${value}`);
    }
  }
  if (found.length === 0) throw new StackError('there are no secrets of ours', './stack install makes them');
  print(found.join('\n'));
}
