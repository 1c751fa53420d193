import { withVariables } from '../../../tools/stack/jobs.ts';
import type { Container } from '../../../tools/stack/objects.ts';
import type { Manifest } from '../../k8s/manifest.ts';
import { forecastObject } from './scaled-objects.ts';
import { scenario } from './scenario.ts';

/** A workload's manifest, as far as it is changed here. */
export interface WorkloadManifest extends Manifest {
  readonly spec: Readonly<Record<string, unknown>> & {
    readonly template: Readonly<Record<string, unknown>> & {
      readonly spec: Readonly<Record<string, unknown>> & { readonly containers: readonly Container[] };
    };
  };
}

const configuration = `# Compressed with the day: test/cluster/ahead.
prometheusUrl: http://prometheus.monitoring.svc.cluster.local:9090
allowedAddresses:
  - http://prometheus.monitoring.svc.cluster.local:9090
timing:
  refreshInterval: ${scenario.refreshSeconds}s
  freshAge: 10s
  leadTime: ${scenario.leadTimeSeconds}s
  settle: 10s
  scrapeInterval: ${scenario.scrapeSeconds}s
  kedaPollingInterval: ${scenario.kedaPollingSeconds}s
  hpaSyncInterval: ${scenario.hpaSyncSeconds}s
`;

/**
 * The showcase in compressed time. Left out are Grafana, whose image is in no package registry, with its dashboards, and the
 * suspended load tests but the week's. Pods of the app ask for less CPU, so that twenty of them fit onto a node with two cores.
 */
export function compressed(manifests: readonly Manifest[]): readonly Manifest[] {
  return manifests.filter(isPlayed).map((manifest) => {
    const { kind, metadata } = manifest;
    if (kind === 'ConfigMap' && metadata.name.startsWith('prometheus-config'))
      return withData(manifest, 'prometheus.yml', (text) =>
        text
          .replace('scrape_interval: 5s', `scrape_interval: ${scenario.scrapeSeconds}s`)
          .replace('scrape_timeout: 4s', `scrape_timeout: ${scenario.scrapeSeconds}s`),
      );
    if (kind === 'ConfigMap' && metadata.name.startsWith('forescale-config'))
      return withData(manifest, 'forescale.yaml', () => configuration);
    if (kind === 'ScaledObject') return forecastObject();
    if (kind === 'Deployment' && metadata.name === 'forescale')
      return withSmallDisk(manifest as WorkloadManifest);
    return isApp(manifest) ? asPlayed(manifest) : manifest;
  });
}

/** The state volume in memory, because only such a one is full when its limit is reached; of another the pod is evicted. */
function withSmallDisk(manifest: WorkloadManifest): Manifest {
  const { spec } = manifest;
  const pod = spec.template.spec as WorkloadManifest['spec']['template']['spec'] & {
    readonly volumes: readonly { readonly name: string }[];
  };
  const volumes = pod.volumes.map((volume) =>
    volume.name === 'state' ? { name: 'state', emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } } : volume,
  );
  return {
    ...manifest,
    spec: { ...spec, template: { ...spec.template, spec: { ...pod, volumes } } },
  } as Manifest;
}

function isPlayed({ kind, metadata }: Manifest): boolean {
  const { name, labels = {} } = metadata;
  if (labels['app.kubernetes.io/name'] === 'grafana' || labels['grafana_dashboard'] !== undefined)
    return false;
  return kind !== 'CronJob' || name === 'load-week';
}

/** Whether a manifest is one of the three apps of the chain. */
export function isApp(manifest: Manifest): manifest is WorkloadManifest {
  const { kind, metadata } = manifest;
  return kind === 'Deployment' && metadata.labels?.['app.kubernetes.io/component'] === 'telemetry-app';
}

function asPlayed(manifest: WorkloadManifest): Manifest {
  const variables: Readonly<Record<string, readonly string[]>> = {
    'app-a': [
      `APP_CAPACITY_RPS=${scenario.capacityRequestsPerSecond}`,
      `APP_READY_DELAY_SECONDS=${scenario.readyDelaySeconds}`,
      `APP_WARM_UP_SECONDS=${scenario.warmUpSeconds}`,
    ],
    // Errors on purpose would be counted among the requests that were rejected.
    'app-c': ['APP_ERRORS=0'],
  };
  return withContainer(manifest, (container) => ({
    ...withVariables(container, variables[manifest.metadata.name] ?? []),
    resources: { ...container.resources, requests: { ...container.resources?.requests, cpu: '30m' } },
  }));
}

/** A workload with another container. */
export function withContainer(
  manifest: WorkloadManifest,
  edit: (container: Container) => Container,
): WorkloadManifest {
  const { spec } = manifest;
  const pod = { ...spec.template.spec, containers: spec.template.spec.containers.map(edit) };
  return { ...manifest, spec: { ...spec, template: { ...spec.template, spec: pod } } };
}

function withData(manifest: Manifest, key: string, edit: (text: string) => string): Manifest {
  return { ...manifest, data: { ...manifest.data, [key]: edit(manifest.data?.[key] ?? '') } };
}
