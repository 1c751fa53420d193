import type { Container, Probe } from '../workload.ts';
import { containersOf, workloadsOf } from '../workload.ts';
import type { Fault, Policy } from './policy.ts';

const probeNames = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;

/** Servers have three probes, no two the same, at ports they have. */
export const probes: Policy = (manifests) =>
  workloadsOf(manifests)
    .filter(({ isServer }) => isServer)
    .flatMap(({ manifest, pod }) =>
      pod.containers.flatMap(probeFaults).map((fault): Fault => [manifest, fault]),
    );

function probeFaults(container: Container): readonly string[] {
  const { name, ports = [] } = container;
  const given = probeNames.flatMap((probe) => {
    const value = container[probe];
    return value === undefined ? [] : [[probe, value] as const];
  });
  const lacking = probeNames.filter((probe) => container[probe] === undefined);
  const asked = given.map(([, probe]) => JSON.stringify(probe));
  const declared = ports.flatMap(({ name: port, containerPort }) => [port, containerPort]);
  return [
    ...lacking.map((probe) => `container ${name} has no ${probe}`),
    ...(new Set(asked).size < asked.length ? [`container ${name} has the same probe twice`] : []),
    ...given
      .filter(([, probe]) => !declared.includes(portOf(probe)))
      .map(
        ([probe, value]) => `${probe} of container ${name} asks at a port that it has not: ${portOf(value)}`,
      ),
  ];
}

function portOf({ httpGet, grpc, tcpSocket }: Probe): string | number | undefined {
  return (httpGet ?? grpc ?? tcpSocket)?.port;
}

/** Every container has requests and a memory limit. */
export const resources: Policy = (manifests) =>
  workloadsOf(manifests).flatMap((workload) =>
    containersOf(workload).flatMap(({ name, resources: { requests = {}, limits = {} } = {} }) => [
      ...['cpu', 'memory']
        .filter((resource) => requests[resource] === undefined)
        .map((resource): Fault => [workload.manifest, `container ${name} requests no ${resource}`]),
      ...(limits['memory'] === undefined
        ? [[workload.manifest, `container ${name} has no memory limit`] as const]
        : []),
    ]),
  );

/** Images have a version or a digest. */
export const pinnedImages: Policy = (manifests) =>
  workloadsOf(manifests).flatMap((workload) =>
    containersOf(workload)
      .filter(({ image }) => !/@sha256:[0-9a-f]{64}$|:v?\d+\.\d+[\w.-]*$/.test(image))
      .map(({ image }): Fault => [workload.manifest, `${image} is of no version`]),
  );
