import { clusterMetrics } from './dashboard-files.ts';
import { readDocument, tableRows } from './markdown.ts';

/** Metrics of ours with their types: docs/metrics.md, which is tested against the code. */
export const ourMetrics = new Map(
  tableRows(readDocument('docs/metrics.md').text).map(([name = '', type = '']) => [name.slice(1, -1), type]),
);

/** What prom-client and Prometheus itself add to every target. */
const ofEveryTarget = new Map([
  ['up', 'gauge'],
  // Of Prometheus itself, for each alert.
  ['ALERTS', 'gauge'],
  ['ALERTS_FOR_STATE', 'gauge'],
  // Recorded by k8s/monitoring/rules/forescale.yaml.
  ['workload:forescale_short_seconds:increase1h', 'gauge'],
  ['workload:forescale_replica_seconds:increase1h', 'gauge'],
  ['process_cpu_seconds_total', 'counter'],
  ['process_resident_memory_bytes', 'gauge'],
  ['nodejs_eventloop_lag_p99_seconds', 'gauge'],
]);

/** Counter or gauge, by what selects it; undefined where nothing we know has such a metric. */
export function typeOfMetric(metric: string): string | undefined {
  const bare = metric.replace(/_(?:bucket|sum|count)$/, '');
  if (ourMetrics.get(bare) === 'histogram' && bare !== metric) return 'counter';
  const inCluster = clusterMetrics[metric];
  if (inCluster !== undefined) return inCluster.isCounter ? 'counter' : 'gauge';
  return ourMetrics.get(metric) ?? ofEveryTarget.get(metric);
}
