import { type Container, condition, namesOf, type Objects, ofKind } from './objects.ts';

/** CPU in cores and memory in bytes. */
export type Room = Readonly<Record<'cpu' | 'memory', number>>;

const decimal = { n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };
const binary = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };
const factors: Readonly<Record<string, number>> = { ...decimal, ...binary };

/** A quantity of Kubernetes as a number: 100m, 2, 0.5, 512Mi, 1G. */
export function quantity(text: string | number): number {
  const [, number, unit = ''] = /^([\d.]+)([a-zA-Z]*)$/.exec(String(text)) ?? [];
  return Number(number) * (factors[unit] ?? Number.NaN);
}

const none: Room = { cpu: 0, memory: 0 };
const roomOf = (amounts: Readonly<Record<string, string>> = {}): Room => ({
  cpu: quantity(amounts['cpu'] ?? 0),
  memory: quantity(amounts['memory'] ?? 0),
});
const add = (a: Room, b: Room, times = 1) => ({
  cpu: a.cpu + times * b.cpu,
  memory: a.memory + times * b.memory,
});
const requested = (containers: readonly Container[] = []) =>
  containers.reduce((sum, { resources }) => add(sum, roomOf(resources?.requests)), none);

/** What the pods of manifests ask for when they run. Where KEDA sets the replicas, one is counted. */
export function roomNeeded(manifests: Objects): Room {
  const workloads = ofKind(manifests, 'Deployment', 'StatefulSet', 'Job');
  return workloads.reduce(
    (sum, { spec }) => add(sum, requested(spec?.template?.spec.containers), spec?.replicas ?? 1),
    none,
  );
}

/** What nobody has asked for yet on the nodes that take pods. */
export function roomFree(nodes: Objects, pods: Objects): Room {
  const open = nodes.filter(
    (node) => condition(node, 'Ready') === 'True' && node.spec?.unschedulable !== true,
  );
  const total = open.reduce((sum, { status }) => add(sum, roomOf(status?.allocatable)), none);
  return pods
    .filter(
      ({ spec, status }) =>
        namesOf(open).includes(spec?.nodeName ?? '') && !/Succeeded|Failed/.test(status?.phase ?? ''),
    )
    .reduce((sum, { spec }) => add(sum, requested(spec?.containers), -1), total);
}

export const spelled = ({ cpu, memory }: Room): string =>
  `${Math.round(cpu * 1000)}m CPU and ${Math.floor(memory / 2 ** 20)} MiB`;
