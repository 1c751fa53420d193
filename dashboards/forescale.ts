import { buildBoard, choiceVariable, labelVariable } from './board.ts';
import { fanOverrides, fanQueries } from './demand-fan.ts';
import { byLabel, colored, dashed, lines, stat, states, strong } from './panels.ts';
import { savedThisWeek } from './saved-this-week.ts';

/** Label matchers that select the series of the scaler replicas that the reader chose. */
const scaler = 'job=~"$job", instance=~"$instance"';
const workload = `${scaler}, namespace="$namespace", name="$workload", trigger="$trigger"`;

/** PromQL for a gauge of the chosen workload. The replicas of the scaler agree, so their maximum is the value of each. */
const gauge = (name: string, more = '') => `max(${name}{${workload}${more}})`;
const observed = gauge('forescale_observed');
const threshold = gauge('forescale_threshold');
const wanted = gauge('forescale_replicas_wanted');
const wantedBefore = `max(forescale_replicas_wanted{${workload}} offset $lead)`;
const forecastAtIssue = (quantile: string) =>
  `max(forescale_forecast{${workload}, horizon="$horizon", quantile="${quantile}"} offset \${horizon}s)`;
/**
 * Horizons, in seconds, that the scaler exports for a predictHorizon of 1, 2, 4, 6, 12 or 24 hours: 1/24, 1/8, 1/4, 1/2 and all
 * of it. A horizon that a workload does not have selects no series.
 */
const horizons = [300, 600, 900, 1800, 3600, 5400, 7200, 10_800, 14_400, 21_600, 43_200, 86_400];
/**
 * PromQL for the newest forecast of each moment: the shortest horizon that has a value wins. In a graph it is one line that
 * passes through now and ends at the longest horizon.
 */
const freshest = (quantile: string) =>
  horizons
    .map(
      (horizon) =>
        `max(forescale_forecast{${workload}, horizon="${horizon}", quantile="${quantile}"} offset ${horizon}s)`,
    )
    .join(' or ');
const isFallback = `max(forescale_state{${workload}, state=~"blind|none"})`;
const reactive = `clamp_min(ceil(${observed} / ${threshold}), 1)`;

const now = {
  title: 'Now',
  panels: [
    stat({
      title: 'Observed demand',
      description: 'The newest observed demand, in the unit of the trigger’s query.',
      unit: 'short',
      queries: [{ expr: observed, legend: 'observed' }],
    }),
    stat({
      title: 'Signal',
      description: 'The value KEDA gets: the demand to be ready for. It is never below the observed demand.',
      unit: 'short',
      queries: [{ expr: gauge('forescale_signal'), legend: 'signal' }],
    }),
    stat({
      title: 'Replicas wanted',
      description: 'Number of replicas the signal asks for, before the minimum and maximum of the HPA apply.',
      unit: 'short',
      queries: [{ expr: wanted, legend: 'replicas' }],
    }),
    stat({
      title: 'Trust in the forecast',
      description:
        'Influence of the forecast on the signal. It falls while the reactive rule is cheaper at the same service.',
      unit: 'percentunit',
      queries: [{ expr: gauge('forescale_forecast_trust'), legend: 'trust' }],
    }),
    stat({
      title: 'Age of the newest observation',
      description:
        'When the newest observation is older than fifteen seconds, the scaler is blind and serves no less than the last good signal.',
      unit: 's',
      queries: [{ expr: gauge('forescale_observation_age_seconds'), legend: 'age' }],
    }),
    stat({
      title: 'Workloads',
      description: 'Number of workloads this scaler knows. Each trigger of a ScaledObject counts as one.',
      unit: 'short',
      queries: [{ expr: `max(forescale_workloads{${scaler}})`, legend: 'workloads' }],
    }),
  ],
};

const demand = {
  title: 'Demand',
  panels: [
    lines({
      title: 'Demand and its forecast',
      description:
        'Right of now: the newest forecast for each moment, with its 90 % and 99 % bounds. Left of now: the forecast made shortly before, and the demand that came.',
      unit: 'short',
      // A scaler that has just started has one forecast for each horizon and none for the times in between.
      joined: true,
      span: 24,
      queries: fanQueries({ observed, signal: gauge('forescale_signal'), quantile: freshest }),
      overrides: fanOverrides,
    }),
    lines({
      title: 'Demand and the forecast made a horizon before',
      description:
        'The forecast that was made one horizon earlier, drawn over the demand that came. It continues right of now for the length of the horizon.',
      unit: 'short',
      span: 24,
      queries: [
        { expr: observed, legend: 'observed' },
        { expr: gauge('forescale_signal'), legend: 'signal' },
        { expr: forecastAtIssue('0.5'), legend: 'forecast' },
        { expr: forecastAtIssue('0.99'), legend: 'bound (99 %)' },
        { expr: gauge('forescale_predicted_peak'), legend: 'bound of the next peak' },
      ],
      overrides: {
        observed: [colored('text'), strong],
        signal: [colored('blue'), strong],
        forecast: [colored('orange'), dashed],
        'bound (99 %)': [colored('light-orange'), dashed],
        'bound of the next peak': [colored('purple')],
      },
    }),
    byLabel({
      title: 'Forecast from now on',
      description: 'The current forecast by horizon: the median, and the 90 % and 99 % bounds.',
      unit: 'short',
      label: 'horizon',
      labelUnit: 's',
      queries: ['0.5', '0.9', '0.99'].map((quantile) => ({
        expr: `max by (horizon) (forescale_forecast{${workload}, quantile="${quantile}"})`,
        legend: quantile === '0.5' ? 'median' : `${Number(quantile) * 100} %`,
      })),
    }),
    lines({
      title: 'Signal above observed demand',
      description:
        'How far the signal exceeds the observed demand: the capacity that is ready before the load.',
      unit: 'short',
      queries: [{ expr: `${gauge('forescale_signal')} - ${observed}`, legend: 'above' }],
    }),
  ],
};

const scaling = {
  title: 'Scaling',
  panels: [
    lines({
      title: 'Replicas',
      description:
        'Replicas the signal asks for, and replicas the observed demand alone would ask for. The running replicas and the maximum come from kube-state-metrics.',
      unit: 'short',
      queries: [
        { expr: wanted, legend: 'wanted' },
        { expr: reactive, legend: 'reactive' },
        {
          expr: 'max(kube_horizontalpodautoscaler_status_current_replicas{namespace="$namespace", horizontalpodautoscaler="keda-hpa-$workload"})',
          legend: 'running',
        },
        {
          expr: 'max(kube_horizontalpodautoscaler_spec_max_replicas{namespace="$namespace", horizontalpodautoscaler="keda-hpa-$workload"})',
          legend: 'at most',
        },
      ],
      overrides: {
        wanted: [colored('blue'), strong],
        reactive: [colored('text'), dashed],
        running: [colored('green'), strong],
        'at most': [colored('red'), dashed],
      },
    }),
    lines({
      title: 'Requested capacity and demand',
      description:
        'Replicas requested one lead time ago, times the threshold: the capacity that is ready for the current demand.',
      unit: 'short',
      queries: [
        { expr: `${wantedBefore} * ${threshold}`, legend: 'capacity' },
        { expr: observed, legend: 'observed' },
      ],
      overrides: { capacity: [colored('blue'), strong], observed: [colored('text'), strong] },
    }),
    lines({
      title: 'Decision window',
      description:
        'How far ahead a decision looks: the lead time plus every delay between a change of demand and a ready replica.',
      unit: 's',
      queries: [
        { expr: gauge('forescale_decision_window_seconds'), legend: 'decision window' },
        { expr: gauge('forescale_lead_time_seconds'), legend: 'lead time' },
        { expr: gauge('forescale_lead_time_learned_seconds'), legend: '95 % of starts' },
      ],
    }),
    lines({
      title: 'Starts that the lead time was learned from',
      description: 'Pods whose time from created to ready is known, from kube-state-metrics; 300 at most.',
      unit: 'short',
      queries: [{ expr: gauge('forescale_lead_time_starts'), legend: 'starts' }],
    }),
    lines({
      title: 'Tolerance of the HPA',
      description: 'Relative difference that the HPA is taken to ignore when it scales up.',
      unit: 'percentunit',
      queries: [{ expr: gauge('forescale_hpa_tolerance'), legend: 'tolerance' }],
    }),
    states({
      title: 'Basis of the signal',
      description:
        'forecast: raised by it. observed: the demand alone. blind: nothing fresh is observed, no less than the last good value is served. none: KEDA gets an error.',
      unit: 'short',
      queries: [{ expr: `max by (state) (forescale_state{${workload}})`, legend: '{{state}}' }],
    }),
  ],
};

const outcome = {
  title: 'Fallback and spare capacity',
  panels: [
    stat({
      title: 'Fallback, last 6 hours',
      description:
        'Share of time without a fresh observation: no less than the last good signal was served, or KEDA got an error and its own fallback acted.',
      unit: 'percentunit',
      span: 12,
      queries: [{ expr: `avg_over_time(${isFallback}[6h:])`, legend: 'fallback' }],
    }),
    stat({
      title: 'Active',
      description: '1 while the workload is active. When it is 0, KEDA may scale to zero replicas.',
      unit: 'short',
      span: 12,
      queries: [{ expr: gauge('forescale_active'), legend: 'awake' }],
    }),
    lines({
      title: 'Missing and spare capacity',
      description:
        'Demand above the capacity requested one lead time earlier, and capacity above the demand.',
      unit: 'short',
      span: 24,
      queries: [
        { expr: `clamp_min(${observed} - ${wantedBefore} * ${threshold}, 0)`, legend: 'short' },
        { expr: `clamp_min(${wantedBefore} * ${threshold} - ${observed}, 0)`, legend: 'to spare' },
      ],
      overrides: { short: [colored('red'), strong], 'to spare': [colored('green')] },
    }),
  ],
};

const quality = {
  title: 'Quality of the forecast',
  panels: [
    lines({
      title: 'Error by horizon',
      description: 'Recent sum of the absolute errors divided by the sum of demand (WAPE).',
      unit: 'percentunit',
      queries: [
        { expr: `max by (horizon) (forescale_forecast_wape{${workload}})`, legend: '{{horizon}} s ahead' },
      ],
    }),
    lines({
      title: 'Coverage of the 99 % bound by horizon',
      description:
        'Recent share of demand at or below the 99 % bound. A value near 99 % is right; a clearly lower one means more short minutes than asked for.',
      unit: 'percentunit',
      queries: [
        {
          expr: `max by (horizon) (forescale_forecast_coverage{${workload}, quantile="0.99"})`,
          legend: '{{horizon}} s ahead',
        },
      ],
    }),
    lines({
      title: 'Weights of the models',
      description: 'Weight of each model, averaged over the horizons.',
      unit: 'percentunit',
      stacked: true,
      queries: [{ expr: `avg by (expert) (forescale_model_weight{${workload}})`, legend: '{{expert}}' }],
    }),
    lines({
      title: 'Trust and freshness',
      description: 'Influence of the forecast on the signal, and age of the newest row that was learned.',
      unit: 'percentunit',
      queries: [
        { expr: gauge('forescale_forecast_trust'), legend: 'trust' },
        { expr: gauge('forescale_history_age_seconds'), legend: 'newest row learned' },
      ],
      overrides: {
        'newest row learned': [
          { id: 'unit', value: 's' },
          { id: 'custom.axisPlacement', value: 'right' },
        ],
      },
    }),
  ],
};

const keda = {
  title: 'KEDA',
  panels: [
    lines({
      title: 'KEDA’s value and the signal',
      description: 'Both should be equal. After an error KEDA keeps its last good value.',
      unit: 'short',
      queries: [
        {
          expr: 'max by (triggerIndex) (keda_scaler_metrics_value{scaledObject="$workload"})',
          legend: 'KEDA’s ({{triggerIndex}})',
        },
        { expr: gauge('forescale_signal'), legend: 'signal' },
      ],
    }),
    lines({
      title: 'KEDA’s errors',
      description:
        'Errors of the ScaledObject and of its scalers as KEDA counts them. KEDA does not count errors of polls.',
      unit: 'ops',
      queries: [
        {
          expr: 'sum(rate(keda_scaled_object_errors_total{scaledObject="$workload"}[$__rate_interval]))',
          legend: 'ScaledObject',
        },
        {
          expr: 'sum(rate(keda_scaler_detail_errors_total{scaledObject="$workload"}[$__rate_interval]))',
          legend: 'scaler',
        },
      ],
    }),
    lines({
      title: 'KEDA’s latency',
      description: 'Time KEDA needs to get the value from the scaler, and the delay of its scale loop.',
      unit: 's',
      queries: [
        { expr: 'max(keda_scaler_metrics_latency_seconds{scaledObject="$workload"})', legend: 'value' },
        { expr: 'max(keda_internal_scale_loop_latency_seconds{resource="$workload"})', legend: 'scale loop' },
      ],
    }),
    states({
      title: 'Active, according to KEDA',
      description: 'Whether KEDA considers the trigger active.',
      unit: 'short',
      queries: [
        {
          expr: 'max by (triggerIndex) (keda_scaler_active{scaledObject="$workload"})',
          legend: 'trigger {{triggerIndex}}',
        },
      ],
    }),
  ],
};

/** KEDA's calls of external scalers, as its client of gRPC counts them from 2.21 on. */
const externalScaler = 'grpc_service="externalscaler.ExternalScaler"';

const health = {
  title: 'The scaler itself',
  panels: [
    lines({
      title: 'RPCs',
      description: 'Calls per second by method and gRPC status. Look into any status other than OK.',
      unit: 'ops',
      queries: [
        {
          expr: `sum by (method, status) (rate(forescale_rpc_requests_total{${scaler}}[$__rate_interval]))`,
          legend: '{{method}} {{status}}',
        },
      ],
    }),
    lines({
      title: 'RPC latency',
      description:
        '99 of 100 calls are answered within this time. Answers come from memory, so a few milliseconds are slow.',
      unit: 's',
      queries: [
        {
          expr: `histogram_quantile(0.99, sum by (le, method) (rate(forescale_rpc_duration_seconds_bucket{${scaler}}[$__rate_interval])))`,
          legend: '{{method}}',
        },
      ],
    }),
    lines({
      title: 'Calls as KEDA counts them',
      description:
        'Calls of external scalers by method and gRPC status, on KEDA’s side of the connection: what never arrives is here alone. KEDA has this from 2.21 on; empty before.',
      unit: 'ops',
      queries: [
        {
          expr: `sum by (grpc_method, grpc_code) (rate(keda_grpc_client_handled_total{${externalScaler}}[$__rate_interval]))`,
          legend: '{{grpc_method}} {{grpc_code}}',
        },
      ],
    }),
    lines({
      title: 'Time a call takes KEDA',
      description:
        '99 of 100 calls of external scalers are answered within this time, the network included. KEDA has this from 2.21 on; empty before.',
      unit: 's',
      queries: [
        {
          expr: `histogram_quantile(0.99, sum by (le, grpc_method) (rate(keda_grpc_client_handling_seconds_bucket{${externalScaler}, grpc_type="unary"}[$__rate_interval])))`,
          legend: '{{grpc_method}}',
        },
      ],
    }),
    lines({
      title: 'Queries of the history source',
      description: 'Queries per second, by purpose.',
      unit: 'ops',
      queries: [
        {
          expr: `sum by (what) (rate(forescale_refresh_duration_seconds_count{${scaler}}[$__rate_interval]))`,
          legend: '{{what}}',
        },
      ],
    }),
    lines({
      title: 'Query latency',
      description: '99 of 100 queries are answered within this time, by purpose.',
      unit: 's',
      queries: [
        {
          expr: `histogram_quantile(0.99, sum by (le, what) (rate(forescale_refresh_duration_seconds_bucket{${scaler}}[$__rate_interval])))`,
          legend: '{{what}}',
        },
      ],
    }),
    lines({
      title: 'Failed queries',
      description: 'Failed queries by purpose and error code. docs/errors.md explains each code.',
      unit: 'ops',
      queries: [
        {
          expr: `sum by (what, code) (rate(forescale_refresh_failures_total{${scaler}}[$__rate_interval]))`,
          legend: '{{what}}: {{code}}',
        },
      ],
    }),
    states({
      title: 'Scrape targets up',
      description: 'Whether Prometheus can scrape each replica of the scaler.',
      unit: 'short',
      queries: [{ expr: `max by (instance) (up{${scaler}})`, legend: '{{instance}}' }],
    }),
    lines({
      title: 'Certificates expire in',
      description:
        'Remaining validity of the scaler’s certificate and of the authority it checks clients against. Empty without TLS.',
      unit: 's',
      queries: [
        {
          expr: `min by (instance, certificate) (forescale_tls_certificate_expiry_timestamp_seconds{${scaler}}) - time()`,
          legend: '{{certificate}} of {{instance}}',
        },
      ],
    }),
    lines({
      title: 'Certificate renewals',
      description:
        'Changes of the TLS files within an hour: renewed, or refused because the scaler cannot use them. Empty without TLS.',
      unit: 'short',
      queries: [
        {
          expr: `sum by (outcome) (increase(forescale_tls_renewals_total{${scaler}}[1h]))`,
          legend: '{{outcome}}',
        },
      ],
    }),
    lines({
      title: 'CPU',
      description: 'CPU cores used by each replica of the scaler.',
      unit: 'short',
      span: 8,
      queries: [
        { expr: `rate(process_cpu_seconds_total{${scaler}}[$__rate_interval])`, legend: '{{instance}}' },
      ],
    }),
    lines({
      title: 'Memory',
      description: 'Memory used by each replica of the scaler: about 100 KB for each series it forecasts.',
      unit: 'bytes',
      span: 8,
      queries: [{ expr: `process_resident_memory_bytes{${scaler}}`, legend: '{{instance}}' }],
    }),
    lines({
      title: 'Event loop lag',
      description:
        '99 of 100 turns of the event loop are delayed by no more than this. Every answer may wait that long.',
      unit: 's',
      span: 8,
      queries: [{ expr: `nodejs_eventloop_lag_p99_seconds{${scaler}}`, legend: '{{instance}}' }],
    }),
  ],
};

export const forescale = buildBoard({
  title: 'Forescale',
  uid: 'forescale',
  description: 'One workload as the scaler sees it: demand, forecast, signal, replicas, and the outcome.',
  from: 'now-3h',
  to: 'now+2h',
  variables: [
    labelVariable('job', 'job', { of: 'forescale_build_info' }),
    labelVariable('instance', 'instance', { of: 'forescale_build_info{job=~"$job"}' }),
    labelVariable('namespace', 'namespace', { of: `forescale_threshold{${scaler}}`, isOne: true }),
    labelVariable('workload', 'name', {
      of: `forescale_threshold{${scaler}, namespace="$namespace"}`,
      isOne: true,
    }),
    labelVariable('trigger', 'trigger', {
      of: `forescale_threshold{${scaler}, namespace="$namespace", name="$workload"}`,
      isOne: true,
    }),
    labelVariable('horizon', 'horizon', { of: `forescale_forecast{${workload}}`, isOne: true }),
    choiceVariable('lead', 'lead time', ['2m', '30s', '1m', '5m', '10m', '15m']),
  ],
  annotations: [
    {
      name: 'more replicas wanted',
      color: 'green',
      expr: `max(delta(forescale_replicas_wanted{${workload}}[1m])) > 0`,
    },
    {
      name: 'fewer replicas wanted',
      color: 'orange',
      expr: `max(-delta(forescale_replicas_wanted{${workload}}[1m])) > 0`,
    },
  ],
  rows: [now, demand, savedThisWeek(workload), scaling, outcome, quality, keda, health],
});
