import { pageOfAll } from '../links.ts';
import { lines } from '../panels/lines.ts';
import { colored } from '../panels/panel.ts';
import { states } from '../panels/states.ts';
import { scaler } from '../workload/series.ts';

/** KEDA's calls of external scalers, as its client of gRPC counts them from 2.21 on. */
const externalScaler = 'grpc_service="externalscaler.ExternalScaler"';

/** Calls that were answered in green, all others in red. */
const answeredOrNot = { '/ OK$/': [colored('green')], '/ (?!OK$)\\w+$/': [colored('red')] };

export const health = {
  title: 'Forescale itself',
  panels: [
    lines({
      title: 'Calls by KEDA, and how they were answered',
      alerts: ['ForescaleRpcErrors'],
      page: pageOfAll,
      description: 'Calls per second by method and gRPC status. Look into any status other than OK.',
      unit: 'ops',
      queries: [
        {
          expr: `sum by (method, status) (rate(forescale_rpc_requests_total{${scaler}}[$__rate_interval]))`,
          legend: '{{method}} {{status}}',
        },
      ],
      overridesByPattern: answeredOrNot,
    }),
    lines({
      title: 'Time a call takes',
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
      title: 'Calls as KEDA counts them, on its side',
      description:
        'Calls of external scalers by method and gRPC status, on KEDA’s side of the connection: what never arrives is here alone. KEDA has this from 2.21 on; empty before.',
      unit: 'ops',
      queries: [
        {
          expr: `sum by (grpc_method, grpc_code) (rate(keda_grpc_client_handled_total{${externalScaler}}[$__rate_interval]))`,
          legend: '{{grpc_method}} {{grpc_code}}',
        },
      ],
      overridesByPattern: answeredOrNot,
    }),
    lines({
      title: 'Time a call takes, on KEDA’s side',
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
      title: 'Queries of the history source (Prometheus)',
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
      title: 'Time a query takes',
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
      title: 'Failed queries, by reason',
      alerts: ['ForescaleBlind', 'ForescaleForecastStale'],
      page: pageOfAll,
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
      title: 'Replicas of Forescale that are scraped',
      alerts: ['ForescaleReplicaDown', 'ForescaleDown'],
      page: pageOfAll,
      description: 'Whether Prometheus can scrape each replica of the scaler.',
      unit: 'short',
      queries: [{ expr: `max by (instance) (up{${scaler}})`, legend: '{{instance}}' }],
    }),
    lines({
      title: 'Certificates expire in',
      alerts: ['ForescaleCertificateEnds'],
      page: pageOfAll,
      limit: 604_800,
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
      title: 'Certificate renewals within an hour',
      alerts: ['ForescaleCertificateRefused'],
      page: pageOfAll,
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
      title: 'Decisions kept in memory only',
      alerts: ['ForescaleRecordDegraded'],
      page: pageOfAll,
      limit: 1,
      description:
        '1 while a replica cannot write its record of decisions to its file. What KEDA is told does not depend on it.',
      unit: 'short',
      span: 6,
      queries: [{ expr: `max by (instance) (forescale_record_degraded{${scaler}})`, legend: '{{instance}}' }],
    }),
    lines({
      title: 'Archive of demand not written',
      alerts: ['ForescaleArchiveDegraded'],
      page: pageOfAll,
      limit: 1,
      description:
        '1 while a replica cannot write its archive of demand. It forecasts from what the source has.',
      unit: 'short',
      span: 6,
      queries: [
        { expr: `max by (instance) (forescale_archive_degraded{${scaler}})`, legend: '{{instance}}' },
      ],
    }),
    lines({
      title: 'Calendars that cannot be read',
      alerts: ['ForescaleCalendarUnread'],
      page: pageOfAll,
      limit: 1,
      description:
        '1 while a replica cannot read a calendar of its configuration, by reason. The events of its last good reading count. Empty without calendars.',
      unit: 'short',
      span: 6,
      queries: [
        {
          expr: `max by (instance, calendar, reason) (forescale_calendar_failing{${scaler}})`,
          legend: '{{calendar}} of {{instance}}: {{reason}}',
        },
      ],
    }),
    lines({
      title: 'Age of calendars',
      description: 'Time since each calendar was last read. Empty without calendars.',
      unit: 's',
      span: 6,
      queries: [
        {
          expr: `time() - max by (instance, calendar) (forescale_calendar_read_timestamp_seconds{${scaler}})`,
          legend: '{{calendar}} of {{instance}}',
        },
      ],
    }),
    lines({
      title: 'Archive of demand',
      description:
        'Size of the file in which each replica keeps demand: about 0.4 MiB for 13 months of a workload.',
      unit: 'bytes',
      span: 6,
      queries: [{ expr: `forescale_archive_bytes{${scaler}}`, legend: '{{instance}}' }],
    }),
    lines({
      title: 'Reach of the archive',
      description: 'Time since the oldest demand that each replica keeps.',
      unit: 's',
      span: 6,
      queries: [
        {
          expr: `time() - forescale_archive_oldest_timestamp_seconds{${scaler}}`,
          legend: '{{instance}}',
        },
      ],
    }),
    lines({
      title: 'CPU cores in use',
      description: 'CPU cores used by each replica of the scaler.',
      unit: 'short',
      span: 6,
      queries: [
        { expr: `rate(process_cpu_seconds_total{${scaler}}[$__rate_interval])`, legend: '{{instance}}' },
      ],
    }),
    lines({
      title: 'Memory in use',
      description: 'Memory used by each replica of the scaler: about 100 KB for each series it forecasts.',
      unit: 'bytes',
      span: 6,
      queries: [{ expr: `process_resident_memory_bytes{${scaler}}`, legend: '{{instance}}' }],
    }),
    lines({
      title: 'Delay of answers (event loop lag)',
      description:
        '99 of 100 turns of the event loop are delayed by no more than this. Every answer may wait that long.',
      unit: 's',
      span: 6,
      queries: [{ expr: `nodejs_eventloop_lag_p99_seconds{${scaler}}`, legend: '{{instance}}' }],
    }),
  ],
};
