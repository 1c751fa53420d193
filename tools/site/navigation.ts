/** A part of the site, as its sidebar shows it. */
export interface SiteSection {
  readonly title: string;
  /** Documents in the order of reading: the path of each, relative to the project root, and its name in the sidebar. */
  readonly pages: readonly (readonly [path: string, label: string])[];
}

/** Each document of this folder is a page too, which a page for the folder lists. */
export const decisionsFolder = 'docs/adr';

/**
 * What the site shows, in the order in which a stranger needs it. A test refuses a document of docs that is not in it exactly once.
 */
export const navigation: readonly SiteSection[] = [
  {
    title: 'Start',
    pages: [
      ['README.md', 'What Forescale is'],
      ['docs/tutorial.md', 'Five minutes'],
      ['docs/demo.md', 'The demo'],
      ['docs/worth-turning-on.md', 'Is it worth turning on?'],
    ],
  },
  {
    title: 'Install',
    pages: [
      ['docs/kubernetes.md', 'In a cluster'],
      ['k8s/charts/forescale/README.md', 'The Helm chart'],
      ['k8s/README.md', 'Manifests for kustomize'],
      ['docs/gitops.md', 'Argo CD and Flux'],
      ['docs/openshift.md', 'OpenShift'],
      ['docs/service-mesh.md', 'Service meshes and Cilium'],
      ['docs/upgrading.md', 'Upgrading'],
      ['docs/history-in-thanos-mimir.md', 'Thanos, Mimir, VictoriaMetrics'],
      ['docs/compose.md', 'Docker, on one machine'],
    ],
  },
  {
    title: 'Use',
    pages: [
      ['docs/from-cpu-hpa.md', 'From a CPU HPA'],
      ['docs/from-keda-prometheus.md', "From KEDA's prometheus trigger"],
      ['docs/migrate-from-predictkube.md', 'From predictkube'],
      ['k8s/examples/README.md', 'Examples'],
      ['docs/configuration.md', 'Configuration'],
      ['docs/calendar.md', 'Calendar'],
      ['docs/page.md', 'The page'],
      ['docs/commands.md', 'Commands for a running server'],
      ['docs/history-files.md', 'Files of history'],
      ['docs/api.md', 'The API, by example'],
      ['docs/prometheus-api.md', 'Forecasts as Prometheus data'],
    ],
  },
  {
    title: 'Operate',
    pages: [
      ['docs/runbooks.md', 'Runbooks'],
      ['docs/scale.md', 'Scale'],
      ['docs/metrics.md', 'Metrics'],
      ['docs/grafana.md', 'Grafana'],
      ['docs/promises.md', 'What it promises'],
      ['docs/errors.md', 'Errors'],
    ],
  },
  {
    title: 'Understand',
    pages: [
      ['docs/models.md', 'How the forecast is made'],
      ['docs/what-if.md', 'What if'],
      ['bench/README.md', 'The benchmark'],
      ['docs/benchmark.md', 'What was kept, and what was not'],
      ['bench/traces/README.md', 'Traces of real load'],
      ['docs/telemetry-app.md', 'The telemetry app'],
      ['docs/load-tests.md', 'Load tests'],
      ['ARCHITECTURE.md', 'Architecture'],
      [decisionsFolder, 'Decisions on record'],
    ],
  },
  {
    title: 'Project',
    pages: [
      ['CONTRIBUTING.md', 'Contributing'],
      ['docs/writing.md', 'How we write'],
      ['SECURITY.md', 'Security'],
      ['docs/threat-model.md', 'Threat model'],
      ['docs/releasing.md', 'Releasing'],
      ['CHANGELOG.md', 'Changelog'],
    ],
  },
];
