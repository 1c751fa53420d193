import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { findProgram } from '../../tools/programs/find-program.ts';
import { startPrometheus } from '../../tools/programs/prometheus.ts';
import { kustomized, type PodTemplate, podsOf } from '../k8s/kustomized.ts';
import { readComposeFile, readProjectFile } from '../repository/compose-file.ts';
import { skippedNote, whyMissing } from './real-programs.ts';

const path = 'k8s/components/prometheus/prometheus.yml';
const missing =
  (await whyMissing('prometheus')) ?? (await whyMissing('promtool')) ?? (await whyMissing('kustomize'));
const note = skippedNote(missing);

interface ScrapeConfig {
  job_name: string;
  honor_labels?: boolean;
  kubernetes_sd_configs?: { role: string; namespaces: { names: string[] } }[];
  static_configs?: { targets: string[]; labels?: Record<string, string> }[];
}
interface Config {
  scrape_configs: ScrapeConfig[];
  rule_files?: string[];
}
interface Target {
  readonly labels: { readonly job: string; readonly instance: string; readonly namespace?: string };
  readonly scrapeUrl: string;
}

describe.skipIf(missing)(`the Prometheus of the cluster${note}`, () => {
  // Debian's is built without the discovery of Kubernetes, so its few lines are looked at here, and what is left runs.
  it('has a configuration that promtool finds nothing wrong with, discovery aside', async () => {
    const config = parseYaml(readProjectFile(path)) as Config;
    const discoveries = config.scrape_configs.flatMap(
      ({ kubernetes_sd_configs = [] }) => kubernetes_sd_configs,
    );
    expect(discoveries.map(({ namespaces, ...rest }) => [rest, namespaces])).toEqual(
      ['telemetry-app', 'forescale', 'monitoring', 'keda', 'monitoring'].map((namespace) => [
        { role: 'pod' },
        { names: [namespace] },
      ]),
    );
    const { path: promtool } = await findProgram('promtool', process.env);
    const folder = mkdtempSync(join(tmpdir(), 'forescale-test-'));
    try {
      const file = join(folder, 'prometheus.yml');
      writeFileSync(file, JSON.stringify(withTargets(config, [])));
      expect(
        execFileSync(promtool, ['check', 'config', '--syntax-only', file], { encoding: 'utf8' }),
      ).toContain('SUCCESS');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('calls its jobs as that of compose.yaml does, and those of a cluster as well', () => {
    const jobs = (text: string) => (parseYaml(text) as Config).scrape_configs.map(({ job_name }) => job_name);
    expect(Object.keys(readComposeFile().services)).toContain('prometheus');
    expect(jobs(readProjectFile(path)).sort()).toEqual(
      [...jobs(readProjectFile('compose/prometheus.yml')), 'keda', 'kube-state-metrics'].sort(),
    );
  });

  it('finds every pod that has metrics by its name, and takes no other for a target', async () => {
    // KEDA's are not in the overlay; a Job that has ended is made up.
    const manifests = [
      ...(await kustomized('k8s/overlays/k3s')),
      ...(await kustomized('k8s/components/keda')),
    ];
    const pods = podsOf(manifests).flatMap(({ owner, template }) => {
      const isJob = owner.kind === 'CronJob';
      return discovered(`${owner.metadata.name}-pod`, owner.metadata.namespace ?? '', template, isJob);
    });
    expect(pods.length).toBeGreaterThan(12);
    // As components/tls has it.
    const secured = pods
      .filter((pod) => pod['__meta_kubernetes_pod_name'] === 'forescale-pod')
      .map((pod) => ({
        ...pod,
        __meta_kubernetes_pod_name: 'secured-pod',
        __meta_kubernetes_pod_annotation_prometheus_io_scheme: 'https',
      }));
    const { rule_files: _, ...config } = parseYaml(readProjectFile(path)) as Config;
    const prometheus = await startPrometheus({
      env: process.env,
      config: JSON.stringify(withTargets(config, [...pods, ...secured])),
    });
    try {
      await expect
        .poll(async () => (await targetsOf(prometheus.url)).map(inWords).sort())
        .toEqual([
          'forescale forescale/forescale-pod 8080',
          'forescale forescale/secured-pod 8080 by https',
          'grafana monitoring/grafana-pod 3000',
          'keda keda/keda-admission-pod 8080',
          'keda keda/keda-metrics-apiserver-pod 8080',
          'keda keda/keda-operator-pod 8080',
          'kube-state-metrics monitoring/kube-state-metrics-pod 8080',
          'prometheus 127.0.0.1:9090 9090',
          'telemetry-app telemetry-app/app-a-pod 8000',
          'telemetry-app telemetry-app/app-b-pod 8000',
          'telemetry-app telemetry-app/app-c-pod 8000',
        ]);
    } finally {
      await prometheus.stop();
    }
  });
});

/** Labels that Prometheus gives each container port of a pod it finds; the address is one nobody listens on. */
function discovered(
  name: string,
  namespace: string,
  { metadata, spec }: PodTemplate,
  hasEnded: boolean,
): Record<string, string>[] {
  const labels = Object.entries(metadata.labels).map(([key, value]) => [
    `__meta_kubernetes_pod_label_${key.replaceAll(/[^\w]/g, '_')}`,
    value,
  ]);
  return spec.containers.flatMap(({ ports = [] }) =>
    ports.map((port) => ({
      ...Object.fromEntries(labels),
      __address__: `127.0.0.1:${port.containerPort}`,
      __meta_kubernetes_namespace: namespace,
      __meta_kubernetes_pod_name: name,
      __meta_kubernetes_pod_phase: hasEnded ? 'Succeeded' : 'Running',
      __meta_kubernetes_pod_container_port_name: port.name,
      __meta_kubernetes_pod_container_port_number: String(port.containerPort),
    })),
  );
}

/** What discovery would hand to relabelling: every container port of every pod of the namespaces that are looked in. */
function withTargets(config: Config, pods: readonly Record<string, string>[]): Config {
  const scrape_configs = config.scrape_configs.map(({ kubernetes_sd_configs, ...job }) => {
    const namespaces = kubernetes_sd_configs?.flatMap(({ namespaces: { names } }) => names) ?? [];
    const found = pods.filter((pod) => namespaces.includes(pod['__meta_kubernetes_namespace'] ?? ''));
    const static_configs = found.map((pod) => ({ targets: [pod['__address__'] ?? ''], labels: pod }));
    return kubernetes_sd_configs === undefined ? job : { ...job, static_configs };
  });
  return { ...config, scrape_configs };
}

async function targetsOf(url: string): Promise<readonly Target[]> {
  const answer = (await (await fetch(`${url}/api/v1/targets?state=active`)).json()) as {
    data: { activeTargets: readonly Target[] };
  };
  return answer.data.activeTargets;
}

function inWords({ labels: { job, namespace, instance }, scrapeUrl }: Target): string {
  const { port, protocol } = new URL(scrapeUrl);
  const where = `${namespace === undefined ? '' : `${namespace}/`}${instance}`;
  return `${job} ${where} ${port}${protocol === 'https:' ? ' by https' : ''}`;
}
