import { buildBoard } from './board.ts';
import { pageOfAll } from './links.ts';
import { lines } from './panels/lines.ts';
import { colored, dashed, strong } from './panels/panel.ts';
import { stat } from './panels/stat.ts';
import { states } from './panels/states.ts';
import { byLabel } from './panels/table.ts';
import { labelVariable } from './variables.ts';

/**
 * Label matchers that select the series of the apps that the reader chose. Not every series has the app's name, all have an
 * instance.
 */
const pods = 'job=~"$job", instance=~"$instance"';
const apps = `${pods}, app=~"$app"`;
const workload = 'namespace=~"$namespace", name=~"$workload"';

/** PromQL for the replicas that the HPA made by KEDA wants, as exported by kube-state-metrics. */
const hpaDesired =
  'kube_horizontalpodautoscaler_status_desired_replicas{namespace=~"$namespace", horizontalpodautoscaler=~"keda-hpa-($workload)"}';

const requests = `app_requests_total{${apps}}`;
const failed = `app_requests_total{${apps}, status=~"5.."}`;
const requestRate = `sum(rate(${requests}[$__rate_interval]))`;
const activePods = `count(app_build_info{${apps}})`;
const threshold = `max(forescale_threshold{${workload}})`;
const latency = (quantile: number) =>
  `histogram_quantile(${quantile}, sum by (le) (rate(http_request_duration_seconds_bucket{${pods}}[$__rate_interval])))`;

const now = {
  title: 'Now',
  panels: [
    stat({
      title: 'Requests per second',
      description: 'Requests answered by the selected apps, including rejected and failed ones.',
      unit: 'reqps',
      span: 3,
      queries: [{ expr: requestRate, legend: 'rate' }],
    }),
    stat({
      title: 'Total requests',
      description: 'Requests answered in the last hour.',
      unit: 'short',
      span: 3,
      queries: [{ expr: `sum(increase(${requests}[1h]))`, legend: 'requests' }],
    }),
    stat({
      title: 'Threshold',
      description:
        'Requests per second that one pod should carry: the trigger’s threshold, as the scaler has it.',
      unit: 'reqps',
      span: 3,
      queries: [{ expr: threshold, legend: 'threshold' }],
    }),
    stat({
      title: 'Active pods',
      description: 'Pods of the selected apps that Prometheus can scrape.',
      unit: 'short',
      span: 3,
      queries: [{ expr: activePods, legend: 'pods' }],
    }),
    stat({
      title: 'Failed',
      judged: { above: { warning: 0.001, critical: 0.01 } },
      description: 'Share of requests answered with a status of 500 or above.',
      unit: 'percentunit',
      span: 3,
      queries: [{ expr: `sum(rate(${failed}[$__rate_interval])) / ${requestRate}`, legend: 'failed' }],
    }),
    stat({
      title: 'Latency, p95',
      judged: { above: { warning: 0.5, critical: 1 } },
      description: '95 of 100 requests are answered within this time.',
      unit: 's',
      span: 3,
      queries: [{ expr: latency(0.95), legend: 'p95' }],
    }),
    stat({
      title: 'Rejected',
      judged: { above: { warning: 0.001, critical: 1 } },
      description: 'Requests per second rejected with 503 because the capacity is used up.',
      unit: 'reqps',
      span: 3,
      queries: [{ expr: `sum(rate(app_requests_shed_total{${apps}}[$__rate_interval]))`, legend: 'shed' }],
    }),
    stat({
      title: 'In flight',
      description: 'Requests not yet answered.',
      unit: 'short',
      span: 3,
      queries: [{ expr: `sum(http_requests_in_flight{${pods}})`, legend: 'in flight' }],
    }),
  ],
};

const traffic = {
  title: 'Traffic',
  panels: [
    lines({
      title: 'Requests per second, with threshold and capacity',
      description:
        'Threshold times pods is the load above which the HPA adds pods. Capacity is the load above which requests queue and are rejected. The signal is the value KEDA gets for the workload.',
      unit: 'reqps',
      span: 24,
      queries: [
        { expr: requestRate, legend: 'requests' },
        { expr: `${threshold} * ${activePods}`, legend: 'threshold × pods' },
        { expr: `sum(app_capacity_requests_per_second{${pods}})`, legend: 'capacity' },
        { expr: `max(forescale_signal{${workload}})`, legend: 'signal' },
      ],
      overrides: {
        requests: [colored('text'), strong],
        'threshold × pods': [colored('orange'), dashed],
        capacity: [colored('red'), dashed],
        signal: [colored('blue')],
      },
    }),
    lines({
      title: 'Requests by endpoint',
      description: 'Requests per second by method and route.',
      unit: 'reqps',
      span: 8,
      stacked: true,
      queries: [
        {
          expr: `sum by (method, route) (rate(${requests}[$__rate_interval]))`,
          legend: '{{method}} {{route}}',
        },
      ],
    }),
    lines({
      title: 'Requests by status: what failed is red',
      description:
        'Requests per second by status. 499: the client left before the answer. 444: the connection was cut by an injected fault.',
      unit: 'reqps',
      span: 8,
      stacked: true,
      queries: [{ expr: `sum by (status) (rate(${requests}[$__rate_interval]))`, legend: '{{status}}' }],
      overridesByPattern: { '/^2/': [colored('green')], '/^[45]/': [colored('red')] },
    }),
    lines({
      title: 'Requests by app of the chain',
      description: 'Requests per second of each app of the chain.',
      unit: 'reqps',
      span: 8,
      queries: [{ expr: `sum by (app) (rate(${requests}[$__rate_interval]))`, legend: '{{app}}' }],
    }),
    lines({
      title: 'Pods: running, asked for by the signal, decided by the HPA',
      description:
        'Running pods, the pods the signal asks for, and the number the HPA has decided on (from kube-state-metrics).',
      unit: 'short',
      span: 24,
      queries: [
        { expr: `count by (app) (app_build_info{${apps}})`, legend: 'pods of {{app}}' },
        { expr: `max(forescale_replicas_wanted{${workload}})`, legend: 'wanted' },
        { expr: `max(${hpaDesired})`, legend: 'decided' },
      ],
      overrides: { wanted: [colored('blue'), strong], decided: [colored('purple'), dashed] },
    }),
  ],
};

const latencies = {
  title: 'Latency',
  panels: [
    lines({
      title: 'Latency of requests',
      description: '50, 95 and 99 of 100 requests are answered within these times.',
      unit: 's',
      queries: [0.5, 0.95, 0.99].map((quantile) => ({
        expr: latency(quantile),
        legend: `p${quantile * 100}`,
      })),
    }),
    lines({
      title: 'Latency of the next app',
      description: '95 of 100 calls take no longer than this, by outcome.',
      unit: 's',
      queries: [
        {
          expr: `histogram_quantile(0.95, sum by (le, destination, status) (rate(http_client_request_duration_seconds_bucket{${pods}}[$__rate_interval])))`,
          legend: '{{destination}} {{status}}',
        },
      ],
    }),
    lines({
      title: 'Calls of the next app',
      description: 'Calls per second to each destination, by outcome.',
      unit: 'reqps',
      span: 24,
      queries: [
        {
          expr: `sum by (destination, outcome) (rate(app_upstream_requests_total{${apps}}[$__rate_interval]))`,
          legend: '{{destination}} {{outcome}}',
        },
      ],
    }),
  ],
};

const overload = {
  title: 'Overload',
  panels: [
    lines({
      title: 'Rejected, by reason',
      description:
        'queue-full, queue-timeout: demand exceeds the capacity. starting: the pod is not ready yet.',
      unit: 'reqps',
      queries: [
        {
          expr: `sum by (reason) (rate(app_requests_shed_total{${apps}}[$__rate_interval]))`,
          legend: '{{reason}}',
        },
      ],
    }),
    lines({
      title: 'Waiting and in flight',
      description: 'Requests not yet answered, and those of them that wait in the queue.',
      unit: 'short',
      queries: [
        { expr: `sum(app_requests_queued{${pods}})`, legend: 'waiting' },
        { expr: `sum(http_requests_in_flight{${pods}})`, legend: 'in flight' },
      ],
    }),
    lines({
      title: 'Available share of a pod’s capacity',
      description: '0 while the pod starts, below 1 while it warms up or while a fault reduces its capacity.',
      unit: 'percentunit',
      queries: [{ expr: `app_capacity_ratio{${pods}}`, legend: '{{instance}}' }],
    }),
    lines({
      title: 'Faults injected at run time',
      description: 'Empty while no fault is active. docs/telemetry-app.md says how to inject one.',
      unit: 'short',
      queries: [
        { expr: `max by (fault, instance) (app_faults_active{${pods}})`, legend: '{{fault}} {{instance}}' },
      ],
    }),
  ],
};

const history = {
  title: 'Simulated history',
  panels: [
    byLabel({
      title: 'Simulated requests by hour of the day',
      description:
        'Mean requests per second of each hour (UTC), yesterday and a week ago, as the app simulates them.',
      unit: 'reqps',
      label: 'hour',
      labelUnit: 'short',
      queries: [
        { expr: `sum by (hour) (app_requests_historical_rate{${apps}, days_ago="1"})`, legend: 'yesterday' },
        { expr: `sum by (hour) (app_requests_historical_rate{${apps}, days_ago="7"})`, legend: 'a week ago' },
      ],
    }),
    byLabel({
      title: 'Simulated requests by day',
      description: 'Requests of each of the last seven complete days, as the app simulates them.',
      unit: 'short',
      label: 'days_ago',
      labelUnit: 'short',
      queries: [
        { expr: `sum by (days_ago) (app_requests_historical_day_requests{${apps}})`, legend: 'requests' },
      ],
    }),
  ],
};

/** Label matchers that select the series of KEDA's operator for the ScaledObject of the workload. */
const scaledObject = 'namespace=~"$namespace", scaledObject=~"$workload"';
const kedaGrpc = 'keda_internal_metricsservice_grpc_server';
const keda = {
  title: 'KEDA',
  panels: [
    lines({
      title: 'The value KEDA has, and the threshold',
      description:
        'What KEDA last got from each trigger, over the threshold it is held against. On errors the last good value stays.',
      unit: 'reqps',
      queries: [
        {
          expr: `max by (scaledObject, triggerIndex) (keda_scaler_metrics_value{${scaledObject}})`,
          legend: '{{scaledObject}}, trigger {{triggerIndex}}',
        },
        { expr: threshold, legend: 'threshold' },
      ],
      overrides: { threshold: [colored('orange'), dashed] },
    }),
    states({
      title: 'Active, as KEDA has it',
      description: 'Whether KEDA considers each trigger active.',
      unit: 'short',
      queries: [
        {
          expr: `max by (scaledObject, triggerIndex) (keda_scaler_active{${scaledObject}})`,
          legend: '{{scaledObject}}, trigger {{triggerIndex}}',
        },
      ],
    }),
    lines({
      title: 'Time a value takes, and how late the loop is',
      description: 'What KEDA waits for the scaler, and the delay of its scale loop.',
      unit: 's',
      queries: [
        {
          expr: `max by (scaledObject) (keda_scaler_metrics_latency_seconds{${scaledObject}})`,
          legend: 'value of {{scaledObject}}',
        },
        {
          expr: 'max by (resource) (keda_internal_scale_loop_latency_seconds{namespace=~"$namespace", resource=~"$workload"})',
          legend: 'loop of {{resource}}',
        },
      ],
    }),
    lines({
      title: 'KEDA’s errors',
      description: 'Errors per second of each ScaledObject, whatever trigger they come from.',
      unit: 'ops',
      queries: [
        {
          expr: `sum by (scaledObject) (rate(keda_scaled_object_errors_total{${scaledObject}}[$__rate_interval]))`,
          legend: '{{scaledObject}}',
        },
      ],
    }),
    lines({
      title: 'KEDA’s own gRPC',
      alerts: ['KedaMetricsServiceErrors'],
      page: pageOfAll,
      description:
        'What the metrics adapter, which HPAs ask, asks of the operator, by method and code. Anything but OK is a value that is missing.',
      unit: 'ops',
      queries: [
        {
          expr: `sum by (grpc_method, grpc_code) (rate(${kedaGrpc}_handled_total[$__rate_interval]))`,
          legend: '{{grpc_method}} {{grpc_code}}',
        },
      ],
    }),
    lines({
      title: 'Time KEDA’s own gRPC takes',
      description: '99 of 100 questions of the adapter are answered within: the scaler’s time included.',
      unit: 's',
      queries: [
        {
          expr: `histogram_quantile(0.99, sum by (le, grpc_method) (rate(${kedaGrpc}_handling_seconds_bucket[$__rate_interval])))`,
          legend: '{{grpc_method}}',
        },
      ],
    }),
  ],
};

const processes = {
  title: 'Processes',
  panels: [
    lines({
      title: 'CPU cores in use',
      description: 'Processors in use by each pod.',
      unit: 'short',
      span: 8,
      queries: [
        { expr: `rate(process_cpu_seconds_total{${pods}}[$__rate_interval])`, legend: '{{instance}}' },
      ],
    }),
    lines({
      title: 'Memory in use',
      description: 'Memory each pod holds.',
      unit: 'bytes',
      span: 8,
      queries: [{ expr: `process_resident_memory_bytes{${pods}}`, legend: '{{instance}}' }],
    }),
    lines({
      title: 'Delay of answers (event loop lag)',
      description: '99 of 100 turns are not later than this.',
      unit: 's',
      span: 8,
      queries: [{ expr: `nodejs_eventloop_lag_p99_seconds{${pods}}`, legend: '{{instance}}' }],
    }),
  ],
};

export const telemetryApp = buildBoard({
  title: 'Telemetry app',
  uid: 'telemetry-app',
  description: 'The demo workload: what it is asked, how it copes, and what its scaling is held against.',
  page: pageOfAll,
  from: 'now-1h',
  to: 'now',
  variables: [
    labelVariable('job', 'job', { of: 'app_build_info' }),
    labelVariable('app', 'app', { of: 'app_build_info{job=~"$job"}' }),
    labelVariable('instance', 'instance', { of: 'app_build_info{job=~"$job", app=~"$app"}' }),
    labelVariable('namespace', 'namespace', { of: 'forescale_threshold' }),
    labelVariable('workload', 'name', { of: 'forescale_threshold{namespace=~"$namespace"}' }),
  ],
  annotations: [
    { name: 'scaled up', color: 'green', expr: `max(delta(${hpaDesired}[1m])) > 0` },
    { name: 'scaled down', color: 'orange', expr: `max(-delta(${hpaDesired}[1m])) > 0` },
  ],
  rows: [now, traffic, latencies, overload, history, keda, processes],
});
