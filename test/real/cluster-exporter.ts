import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands in for the metrics of KEDA's operator and of kube-state-metrics, which only a cluster has. */
export interface ClusterExporter {
  /** host:port; /keda and /kube-state-metrics are what the two would expose. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Series with the names, types and labels that KEDA 2.21.0 and kube-state-metrics have for one ScaledObject with one external
 * trigger; the values are made up, and counters grow with every scrape. keda.test.ts holds KEDA's names and labels against a real
 * one, error counters aside.
 */
function expositions(namespace: string, name: string, scrapes: number): Readonly<Record<string, string>> {
  const scaler = [
    `namespace="${namespace}"`,
    'metric="s0-forescale-demand"',
    `scaledObject="${name}"`,
    'scaler="externalScaler"',
    'triggerIndex="0"',
    'type="scaledobject"',
  ].join(',');
  const rpc = 'grpc_method="GetMetrics",grpc_service="api.MetricsService",grpc_type="unary"';
  const call =
    'grpc_method="GetMetrics",grpc_service="externalscaler.ExternalScaler",grpc_type="unary",scaler="externalScaler"';
  const histogram = 'keda_internal_metricsservice_grpc_server_handling_seconds';
  const hpa = `namespace="${namespace}",horizontalpodautoscaler="keda-hpa-${name}"`;
  return {
    '/keda': `# TYPE keda_scaler_metrics_value gauge
keda_scaler_metrics_value{${scaler}} 42.5
# TYPE keda_scaler_metrics_latency_seconds gauge
keda_scaler_metrics_latency_seconds{${scaler}} 0.004
# TYPE keda_scaler_active gauge
keda_scaler_active{${scaler}} 1
# TYPE keda_scaler_detail_errors_total counter
keda_scaler_detail_errors_total{${scaler}} 0
# TYPE keda_scaled_object_errors_total counter
keda_scaled_object_errors_total{namespace="${namespace}",scaledObject="${name}"} ${scrapes}
# TYPE keda_internal_scale_loop_latency_seconds gauge
keda_internal_scale_loop_latency_seconds{namespace="${namespace}",type="scaledobject",resource="${name}"} 0.001
# TYPE keda_internal_metricsservice_grpc_server_handled_total counter
keda_internal_metricsservice_grpc_server_handled_total{${rpc},grpc_code="OK"} ${10 * scrapes}
keda_internal_metricsservice_grpc_server_handled_total{${rpc},grpc_code="Unknown"} ${scrapes}
# TYPE ${histogram} histogram
${histogram}_bucket{${rpc},le="0.005"} ${9 * scrapes}
${histogram}_bucket{${rpc},le="0.01"} ${11 * scrapes}
${histogram}_bucket{${rpc},le="+Inf"} ${11 * scrapes}
${histogram}_sum{${rpc}} ${0.03 * scrapes}
${histogram}_count{${rpc}} ${11 * scrapes}
# TYPE keda_grpc_client_handled_total counter
keda_grpc_client_handled_total{${call},grpc_code="OK"} ${10 * scrapes}
# TYPE keda_grpc_client_handling_seconds histogram
keda_grpc_client_handling_seconds_bucket{${call},le="0.005"} ${9 * scrapes}
keda_grpc_client_handling_seconds_bucket{${call},le="+Inf"} ${10 * scrapes}
keda_grpc_client_handling_seconds_sum{${call}} ${0.03 * scrapes}
keda_grpc_client_handling_seconds_count{${call}} ${10 * scrapes}
`,
    '/kube-state-metrics': `# TYPE kube_horizontalpodautoscaler_spec_max_replicas gauge
kube_horizontalpodautoscaler_spec_max_replicas{${hpa}} 10
# TYPE kube_horizontalpodautoscaler_status_current_replicas gauge
kube_horizontalpodautoscaler_status_current_replicas{${hpa}} 4
# TYPE kube_horizontalpodautoscaler_status_desired_replicas gauge
kube_horizontalpodautoscaler_status_desired_replicas{${hpa}} ${4 + (scrapes % 2)}
`,
  };
}

/** Listens on a free loopback port and exposes series about the ScaledObject `namespace`/`name`. */
export async function startClusterExporter(namespace: string, name: string): Promise<ClusterExporter> {
  const scrapes = new Map<string, number>();
  const server = createServer(({ url = '' }, response) => {
    const count = (scrapes.get(url) ?? 0) + 1;
    scrapes.set(url, count);
    const body = expositions(namespace, name, count)[url];
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
