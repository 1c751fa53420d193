import { buildBoard, choiceVariable, labelVariable } from './board.ts';
import { byLabel, lines, stat, states } from './panels.ts';

/** The scaler's own series, of the replicas of it that are chosen. */
const scaler = 'job=~"$job", instance=~"$instance"';
const workload = `${scaler}, namespace="$namespace", name="$workload", trigger="$trigger"`;

/** A gauge of the workload; the replicas of the scaler agree, so the highest is each of them. */
const gauge = (name: string, more = '') => `max(${name}{${workload}${more}})`;
const observed = gauge('forescale_observed');
const threshold = gauge('forescale_threshold');
const wanted = gauge('forescale_replicas_wanted');
const wantedBefore = `max(forescale_replicas_wanted{${workload}} offset $lead)`;
const forecastAtIssue = (quantile: string) =>
  `max(forescale_forecast{${workload}, horizon="$horizon", quantile="${quantile}"} offset \${horizon}s)`;
/**
 * Horizons that are exported of a predictHorizon of 1, 2, 4, 6, 12 or 24 hours: a 24th, an eighth, a quarter, a half, the whole.
 * Those that a workload does not have select nothing.
 */
const horizons = [300, 600, 900, 1800, 3600, 5400, 7200, 10_800, 14_400, 21_600, 43_200, 86_400];
/** The newest forecast of each moment, the shortest horizon first: one line through now, into the future as far as there is one. */
const freshest = (quantile: string) =>
  horizons
    .map(
      (horizon) =>
        `max(forescale_forecast{${workload}, horizon="${horizon}", quantile="${quantile}"} offset ${horizon}s)`,
    )
    .join(' or ');
const isFallback = `max(forescale_state{${workload}, state=~"blind|none"})`;
const reactive = `clamp_min(ceil(${observed} / ${threshold}), 1)`;

const dashed = { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } };
const strong = { id: 'custom.lineWidth', value: 2 };
/** The space between a line and a lower one is filled. */
const bandDownTo = (legend: string) => [
  { id: 'custom.fillBelowTo', value: legend },
  { id: 'custom.fillOpacity', value: 15 },
];
const colored = (color: string) => ({ id: 'color', value: { mode: 'fixed', fixedColor: color } });

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
      description: 'What KEDA is told: demand to be ready for. Never below what is observed.',
      unit: 'short',
      queries: [{ expr: gauge('forescale_signal'), legend: 'signal' }],
    }),
    stat({
      title: 'Replicas wanted',
      description: 'Replicas the signal asks for, before the limits of the HPA.',
      unit: 'short',
      queries: [{ expr: wanted, legend: 'replicas' }],
    }),
    stat({
      title: 'Trust in the forecast',
      description: 'How much say the forecast has. It loses it while it does worse than the reactive rule.',
      unit: 'percentunit',
      queries: [{ expr: gauge('forescale_forecast_trust'), legend: 'trust' }],
    }),
    stat({
      title: 'Age of what is observed',
      description: 'Beyond fifteen seconds the scaler is blind: it holds the last good signal.',
      unit: 's',
      queries: [{ expr: gauge('forescale_observation_age_seconds'), legend: 'age' }],
    }),
    stat({
      title: 'Workloads',
      description: 'Workloads this scaler knows, each trigger of a ScaledObject for itself.',
      unit: 'short',
      queries: [{ expr: `max(forescale_workloads{${scaler}})`, legend: 'workloads' }],
    }),
  ],
};

const demand = {
  title: 'Demand',
  panels: [
    lines({
      title: 'Demand, and where it is going',
      description:
        'Right of now the newest forecast of each moment, with what demand stays below 90 and 99 times of 100. Left of now what was forecast shortly before, and what came.',
      unit: 'short',
      // A scaler that has just started has said something for each horizon, and nothing yet for the times in between.
      joined: true,
      span: 24,
      queries: [
        { expr: observed, legend: 'observed' },
        { expr: gauge('forescale_signal'), legend: 'signal' },
        { expr: freshest('0.5'), legend: 'median' },
        { expr: freshest('0.9'), legend: '90 %' },
        { expr: freshest('0.99'), legend: '99 %' },
      ],
      overrides: {
        observed: [colored('text'), strong],
        signal: [colored('blue'), strong],
        median: [colored('orange'), strong],
        '90 %': [colored('light-orange'), ...bandDownTo('median')],
        '99 %': [colored('light-orange'), dashed, ...bandDownTo('90 %')],
      },
    }),
    lines({
      title: 'Demand, and what was forecast for it',
      description:
        'The forecast as it was issued: what was said a horizon before, laid over what came. Right of now it goes on for as long as the horizon.',
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
      description:
        'What is forecast now, by how far ahead: the median, and what demand stays below 90 and 99 times of 100.',
      unit: 'short',
      label: 'horizon',
      labelUnit: 's',
      queries: ['0.5', '0.9', '0.99'].map((quantile) => ({
        expr: `max by (horizon) (forescale_forecast{${workload}, quantile="${quantile}"})`,
        legend: quantile === '0.5' ? 'median' : `${Number(quantile) * 100} %`,
      })),
    }),
    lines({
      title: 'Signal above what is observed',
      description:
        'How much more KEDA is told than what is observed: the capacity that is there before the load.',
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
        'What the signal asks for, beside what the observed demand alone would. Those that run and the most there may be come from kube-state-metrics.',
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
      title: 'Capacity asked for, and demand',
      description:
        'Replicas wanted the lead time ago times the threshold: what was ready for the demand of now.',
      unit: 'short',
      queries: [
        { expr: `${wantedBefore} * ${threshold}`, legend: 'capacity' },
        { expr: observed, legend: 'observed' },
      ],
      overrides: { capacity: [colored('blue'), strong], observed: [colored('text'), strong] },
    }),
    lines({
      title: 'How far ahead a decision looks',
      description:
        'The decision window: the lead time and every delay between a change of demand and a ready replica.',
      unit: 's',
      queries: [{ expr: gauge('forescale_decision_window_seconds'), legend: 'decision window' }],
    }),
    states({
      title: 'What the signal rests on',
      description:
        'forecast: raised by it. observed: the demand alone. blind: nothing fresh is observed, the last good value is held. none: KEDA gets an error.',
      unit: 'short',
      queries: [{ expr: `max by (state) (forescale_state{${workload}})`, legend: '{{state}}' }],
    }),
  ],
};

const outcome = {
  title: 'Outcome',
  panels: [
    stat({
      title: 'Short, last 6 hours',
      description: 'Share of time in which demand was above what had been asked for the lead time before.',
      unit: 'percentunit',
      span: 5,
      queries: [
        {
          expr: `avg_over_time((${observed} > bool (${wantedBefore} * ${threshold}))[6h:])`,
          legend: 'short',
        },
      ],
    }),
    stat({
      title: 'Replicas, last 6 hours',
      description: 'Mean of the replicas the signal asked for.',
      unit: 'short',
      span: 5,
      queries: [{ expr: `avg_over_time(${wanted}[6h:])`, legend: 'wanted' }],
    }),
    stat({
      title: 'Replicas of the reactive rule',
      description: 'Mean of the replicas the observed demand alone would have asked for in the last 6 hours.',
      unit: 'short',
      span: 5,
      queries: [{ expr: `avg_over_time(${reactive}[6h:])`, legend: 'reactive' }],
    }),
    stat({
      title: 'Fallback, last 6 hours',
      description:
        'Share of time in which nothing fresh was observed: the last good signal was held, or KEDA got an error and its own fallback acted.',
      unit: 'percentunit',
      span: 5,
      queries: [{ expr: `avg_over_time(${isFallback}[6h:])`, legend: 'fallback' }],
    }),
    stat({
      title: 'Awake',
      description: '1 while the workload should be awake: what decides about zero replicas.',
      unit: 'short',
      queries: [{ expr: gauge('forescale_active'), legend: 'awake' }],
    }),
    lines({
      title: 'Short and to spare',
      description:
        'Demand above what had been asked for the lead time before, and capacity beyond the demand.',
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
      description: 'Sum of the absolute errors over the sum of demand, lately (WAPE).',
      unit: 'percentunit',
      queries: [
        { expr: `max by (horizon) (forescale_forecast_wape{${workload}})`, legend: '{{horizon}} s ahead' },
      ],
    }),
    lines({
      title: 'Coverage of the 99 % bound by horizon',
      description:
        'Share of demand at or below it, lately. Near 99 % is right; clearly below means more short minutes than asked for.',
      unit: 'percentunit',
      queries: [
        {
          expr: `max by (horizon) (forescale_forecast_coverage{${workload}, quantile="0.99"})`,
          legend: '{{horizon}} s ahead',
        },
      ],
    }),
    lines({
      title: 'Who forecasts',
      description: 'Weights of the experts, the mean over the horizons.',
      unit: 'percentunit',
      stacked: true,
      queries: [{ expr: `avg by (expert) (forescale_model_weight{${workload}})`, legend: '{{expert}}' }],
    }),
    lines({
      title: 'Trust and freshness',
      description: 'How much say the forecast has, and how old the newest row is that was learned.',
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
      title: 'Value KEDA has, and the signal',
      description: 'They should be one. On errors KEDA’s keeps the last good value.',
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
        'Of the ScaledObject, and of its scalers as far as KEDA counts them: those of polls are missing there.',
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
      title: 'Time KEDA takes',
      description: 'To get the value from the scaler, and how late its scale loop runs.',
      unit: 's',
      queries: [
        { expr: 'max(keda_scaler_metrics_latency_seconds{scaledObject="$workload"})', legend: 'value' },
        { expr: 'max(keda_internal_scale_loop_latency_seconds{resource="$workload"})', legend: 'scale loop' },
      ],
    }),
    states({
      title: 'Awake, as KEDA has it',
      description: 'Whether KEDA takes the trigger for active.',
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

const health = {
  title: 'The scaler itself',
  panels: [
    lines({
      title: 'RPCs answered',
      description: 'By method and gRPC status. Anything but OK is worth a look.',
      unit: 'ops',
      queries: [
        {
          expr: `sum by (method, status) (rate(forescale_rpc_requests_total{${scaler}}[$__rate_interval]))`,
          legend: '{{method}} {{status}}',
        },
      ],
    }),
    lines({
      title: 'Time an RPC takes',
      description: '99 of 100 are answered within. They are answered from memory, so milliseconds are long.',
      unit: 's',
      queries: [
        {
          expr: `histogram_quantile(0.99, sum by (le, method) (rate(forescale_rpc_duration_seconds_bucket{${scaler}}[$__rate_interval])))`,
          legend: '{{method}}',
        },
      ],
    }),
    lines({
      title: 'Queries of the history',
      description: 'How often Prometheus is asked, by what for.',
      unit: 'ops',
      queries: [
        {
          expr: `sum by (what) (rate(forescale_refresh_duration_seconds_count{${scaler}}[$__rate_interval]))`,
          legend: '{{what}}',
        },
      ],
    }),
    lines({
      title: 'Time a query of the history takes',
      description: '99 of 100 are answered within, by what is asked for.',
      unit: 's',
      queries: [
        {
          expr: `histogram_quantile(0.99, sum by (le, what) (rate(forescale_refresh_duration_seconds_bucket{${scaler}}[$__rate_interval])))`,
          legend: '{{what}}',
        },
      ],
    }),
    lines({
      title: 'Queries that failed',
      description: 'By what was asked for and error code: docs/errors.md says what each means.',
      unit: 'ops',
      queries: [
        {
          expr: `sum by (what, code) (rate(forescale_refresh_failures_total{${scaler}}[$__rate_interval]))`,
          legend: '{{what}}: {{code}}',
        },
      ],
    }),
    states({
      title: 'Scraped',
      description: 'Whether Prometheus reaches each replica of the scaler.',
      unit: 'short',
      queries: [{ expr: `max by (instance) (up{${scaler}})`, legend: '{{instance}}' }],
    }),
    lines({
      title: 'Certificates end in',
      description:
        'How long the certificate the scaler shows, and that by which it judges its clients, are valid. Empty without TLS.',
      unit: 's',
      queries: [
        {
          expr: `min by (instance, certificate) (forescale_tls_certificate_expiry_timestamp_seconds{${scaler}}) - time()`,
          legend: '{{certificate}} of {{instance}}',
        },
      ],
    }),
    lines({
      title: 'Certificates renewed',
      description:
        'Changes of the TLS files within an hour: taken over, or refused because they cannot be served. Empty without TLS.',
      unit: 'short',
      queries: [
        {
          expr: `sum by (outcome) (increase(forescale_tls_renewals_total{${scaler}}[1h]))`,
          legend: '{{outcome}}',
        },
      ],
    }),
    lines({
      title: 'Processors',
      description: 'Processors in use by each replica of the scaler.',
      unit: 'short',
      span: 8,
      queries: [
        { expr: `rate(process_cpu_seconds_total{${scaler}}[$__rate_interval])`, legend: '{{instance}}' },
      ],
    }),
    lines({
      title: 'Memory',
      description: 'Memory each replica of the scaler holds: about 100 KB for each series it forecasts.',
      unit: 'bytes',
      span: 8,
      queries: [{ expr: `process_resident_memory_bytes{${scaler}}`, legend: '{{instance}}' }],
    }),
    lines({
      title: 'Delay of the event loop',
      description: '99 of 100 turns are not later than this: what every answer waits at worst.',
      unit: 's',
      span: 8,
      queries: [{ expr: `nodejs_eventloop_lag_p99_seconds{${scaler}}`, legend: '{{instance}}' }],
    }),
  ],
};

export const forescale = buildBoard({
  title: 'Forescale',
  uid: 'forescale',
  description:
    'One workload as the scaler sees it: demand, forecast, signal, replicas, and whether it did well.',
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
  rows: [now, demand, scaling, outcome, quality, keda, health],
});
