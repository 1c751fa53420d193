import { connect } from 'node:net';
import { isOurs, type Objects, placeOf, portsOf } from './objects.ts';
import { print, StackError, start, typed } from './processes.ts';
import { needCluster, type Session } from './session.ts';
import { type DoorName, doors, isLocal, ours } from './tables.ts';

const nodePorts = Object.values(doors).map(({ nodePort }) => nodePort);

/** NodePorts of ours that Services of somebody else have, each with its Service. */
export const takenNodePorts = (services: Objects): readonly string[] =>
  services
    .filter((one) => !isOurs(one))
    .flatMap((one) =>
      portsOf([one]).flatMap((port) => (nodePorts.includes(port) ? `${port} by ${placeOf(one)}` : [])),
    );

/** Whether something accepts connections on a port of this machine. */
function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true) ?? socket.destroy()).once('error', () => resolve(false));
  });
}

/** Refuses NodePorts of a local target that others have in the cluster or on this machine. */
export async function refuseTakenPorts({ target, cluster }: Session): Promise<void> {
  if (!isLocal(target)) return;
  const services = await cluster.list('services', '-A');
  const taken = [...takenNodePorts(services)];
  // Nodes of other targets are in networks of their own, which have ports of their own.
  if (target === 'k3s' || target === 'microk8s') {
    for (const port of nodePorts.filter((one) => !portsOf(services).includes(one))) {
      if (await isListening(port)) taken.push(`${port} by a program of this machine`);
    }
  }
  if (taken.length === 0) return;
  throw new StackError(
    `ports are taken: ${taken.join(', ')}`,
    'end what has them; ss -ltnp shows programs (lsof -i on macOS)',
  );
}

/** Forwards a free port of this machine to a door until this process ends; resolves with that port. */
export function forward({ cluster }: Session, name: DoorName): Promise<number> {
  const { namespace, service, port } = doors[name];
  const to = ['-n', namespace, `service/${service}`, `:${port}`, '--address=127.0.0.1'];
  const child = start(cluster.command('port-forward', ...to, '--pod-running-timeout=10s'), {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (part: Buffer) => {
      said += part;
      const opened = /^Forwarding from 127\.0\.0\.1:(\d+) /m.exec(said)?.[1];
      if (opened !== undefined) resolve(Number(opened));
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', ({ message }) => reject(new StackError(message)));
    child.once('close', () =>
      reject(new StackError(said.trim(), './stack status shows whether its pods run')),
    );
  });
}

/** Shows where every part is reached, and the command that forwards its port from anywhere. */
export async function ports(session: Session): Promise<void> {
  const { cluster, target } = session;
  await needCluster(session);
  const open = portsOf(await cluster.list('services', '-A', '-l', ours));
  // The cluster.yaml of kind maps the NodePorts to this machine, and so does `make cluster`.
  const [node] =
    open.length > 0 && target !== 'kind' && target !== 'local' ? await cluster.list('nodes') : [];
  const address = node?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '127.0.0.1';
  print(`${'WHAT'.padEnd(12)} ${'ADDRESS'.padEnd(28)} OR, FROM ANYWHERE`);
  for (const [name, { namespace, service, port, nodePort, path }] of Object.entries(doors)) {
    const url = open.includes(nodePort) ? `http://${address}:${nodePort}${path}` : '-';
    const command = ['port-forward', '-n', namespace, `service/${service}`, `${nodePort}:${port}`];
    print(`${name.padEnd(12)} ${url.padEnd(28)} ${typed(cluster.command(...command))}`);
  }
}
