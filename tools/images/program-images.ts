import { kedaVersion } from '../programs/cluster-programs.ts';
import type { ProgramName } from '../programs/find-program.ts';

/** An image with one program, which stands in for one of a registry under its name. */
export interface ProgramImage {
  /** As containerd and Docker name it, which is with its registry. */
  readonly name: string;
  readonly program: ProgramName;
  /** How the original image starts the program; the first is the program's path. */
  readonly entrypoint: readonly string[];
  readonly user: string;
  /** Folder that belongs to the user. A new volume that is mounted there gets its owner. */
  readonly dataFolder?: string;
  /** Whether BusyBox is in it, as in the original image; health checks call its wget. */
  readonly hasBusyBox?: true;
}

const nonroot = '65532:65532';
const kedaTag = kedaVersion.slice(1);

/** Every image that our manifests and compose.yaml name, except our own and Grafana's, whose server no package registry has. */
export const programImages = {
  keda: {
    name: `ghcr.io/kedacore/keda:${kedaTag}`,
    program: 'keda-operator',
    entrypoint: ['/keda'],
    user: nonroot,
  },
  'keda-metrics-apiserver': {
    name: `ghcr.io/kedacore/keda-metrics-apiserver:${kedaTag}`,
    program: 'keda-adapter',
    entrypoint: ['/keda-adapter'],
    user: nonroot,
  },
  'keda-admission-webhooks': {
    name: `ghcr.io/kedacore/keda-admission-webhooks:${kedaTag}`,
    program: 'keda-webhooks',
    entrypoint: ['/keda-admission-webhooks'],
    user: nonroot,
  },
  'kube-state-metrics': {
    name: 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.18.0',
    program: 'kube-state-metrics',
    entrypoint: ['/kube-state-metrics', '--port=8080', '--telemetry-port=8081'],
    user: '65534:65534',
  },
  coredns: {
    name: 'registry.k8s.io/coredns/coredns:v1.13.1',
    program: 'coredns',
    entrypoint: ['/coredns'],
    user: nonroot,
  },
  pause: {
    name: 'localhost/pause:1.0.0',
    program: 'pause',
    entrypoint: ['/pause'],
    user: '65535:65535',
  },
  prometheus: {
    name: 'docker.io/prom/prometheus:v3.14.0',
    program: 'prometheus-3',
    entrypoint: ['/bin/prometheus'],
    user: '65534:65534',
    dataFolder: '/prometheus',
    hasBusyBox: true,
  },
  k6: {
    name: 'docker.io/grafana/k6:2.2.0',
    program: 'k6',
    entrypoint: ['/usr/bin/k6'],
    user: '12345:12345',
  },
} as const satisfies Record<string, ProgramImage>;
