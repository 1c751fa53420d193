import type { GoModule, Program } from './program.ts';

const program = (name: string, module: GoModule) =>
  ({
    names: [name],
    source: { kind: 'go', module },
    install: `Go 1.26 or newer and run \`make cluster-tools\`, or ${name} ${module.version} itself,`,
  }) as const satisfies Program;

/** Programs that run in pods beside ours, of the releases that the manifests name. */
export const podPrograms = {
  'kube-state-metrics': program('kube-state-metrics', {
    path: 'k8s.io/kube-state-metrics/v2',
    version: 'v2.18.0',
    stamps: ['github.com/prometheus/common/version.Version=v2.18.0'],
  }),
  // Holds the namespaces of a pod in `make cluster`.
  pause: program('pause', {
    path: 'forescale.example/pause',
    version: 'v1.0.0',
    pinnedIn: new URL('pause/', import.meta.url),
  }),
  coredns: program('coredns', { path: 'github.com/coredns/coredns', version: 'v1.13.1' }),
  // Prometheus 3, for images: tests and demo start the Prometheus of the machine. Its module is numbered so that 3.14.0 is
  // v0.314.0. Of what finds targets it has what our configurations use, which is a fraction of what there is to compile. The files
  // of its page are not in the module, so it has none.
  'prometheus-3': program('prometheus-3', {
    path: 'github.com/prometheus/prometheus',
    version: 'v0.314.0',
    package: 'cmd/prometheus',
    tags: ['remove_all_sd', 'enable_kubernetes_sd', 'enable_dns_sd'],
    stamps: ['github.com/prometheus/common/version.Version=3.14.0'],
  }),
} as const satisfies Record<string, Program>;
