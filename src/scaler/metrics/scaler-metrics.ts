import { Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from 'prom-client';
import type { RecordState, RefreshOutcome, WorkloadDirectory, WorkloadView } from '../../forecast/index.ts';
import { type RenewalOutcome, renewalOutcomes } from '../../platform/tls/certificate-files.ts';
import type { CertificateSource } from '../../platform/tls/serving-certificate.ts';
import { createTimeSlices, type TimeSlices } from '../../platform/turns/time-slices.ts';
import { type ArchiveStanding, registerArchiveMetrics } from './archive-metrics.ts';
import { type CalendarHealth, registerCalendarMetrics } from './calendar-metrics.ts';
import { writtenWorkloads } from './written-workloads.ts';

/** The answer to a scrape of Prometheus; the text comes in pieces, as fast as it is read. */
interface Exposition {
  readonly contentType: string;
  readonly body: AsyncIterable<string>;
}

export interface ScalerMetrics {
  onRpc(method: string, statusName: string, seconds: number): void;
  onRefresh(outcome: RefreshOutcome): void;
  onCertificateRenewal(outcome: RenewalOutcome): void;
  onRecordState(state: RecordState): void;
  /** Tells of the archive of demand from now on; undefined = there is none. */
  registerArchive(state: (() => ArchiveStanding) | undefined): void;
  /** Tells of the calendars of the configuration from now on. */
  registerCalendars(calendars: () => readonly CalendarHealth[]): void;
  /** Metrics of the server and the usual ones of all workloads, which are read from memory this moment. */
  scrape(directory: WorkloadDirectory, nowSeconds: number): Exposition;
  /** Every metric of some workloads, and none of the server. */
  scrapeWorkloads(workloads: readonly WorkloadView[], nowSeconds: number): Exposition;
}

/** Registers every metric the scaler has about itself. */
export function createScalerMetrics(
  registry: Registry,
  version: string,
  certificates?: CertificateSource,
): ScalerMetrics {
  const registers = [registry];
  const { contentType } = registry;
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'forescale_build_info',
    help: 'Always 1; the version is the label',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
  const onRpc = registerRpcMetrics(registers);
  const onRefresh = registerRefreshMetrics(registers);
  const renewals = registerCertificateMetrics(registers, certificates);
  const degraded = new Gauge({
    name: 'forescale_record_degraded',
    help: '1 while decisions are kept in memory only because their file or its thread does not work',
    registers,
  });
  const workloads = new Gauge({ name: 'forescale_workloads', help: 'Workloads known', registers });

  async function* everything(directory: WorkloadDirectory, nowSeconds: number): AsyncGenerator<string> {
    const list = directory.list();
    workloads.set(list.length);
    const slices = createTimeSlices({ sliceFor: 'caller' });
    yield* written(registry, slices);
    yield '\n';
    yield* writtenWorkloads(list, 'usual', nowSeconds, slices);
  }

  return {
    scrape: (directory, nowSeconds) => ({ contentType, body: everything(directory, nowSeconds) }),
    scrapeWorkloads: (some, nowSeconds) => ({
      contentType,
      body: writtenWorkloads(some, 'asked', nowSeconds, createTimeSlices({ sliceFor: 'caller' })),
    }),
    registerCalendars: (calendars) => registerCalendarMetrics(registers, calendars),
    registerArchive: (state) => registerArchiveMetrics(registers, state),
    onRpc,
    onRecordState: ({ warning }) => degraded.set(warning === undefined ? 0 : 1),
    onCertificateRenewal: (outcome) => renewals.inc({ outcome }),
    onRefresh,
  };
}

/** Each metric as text. The registry's own `metrics()` writes all in one turn of the event loop. */
async function* written(registry: Registry, slices: TimeSlices): AsyncGenerator<string> {
  let separator = '';
  for (const { name } of registry.getMetricsAsArray()) {
    yield `${separator}${await registry.getSingleMetricAsString(name)}\n`;
    separator = '\n';
    if (slices.isOver()) await slices.nextTurn();
  }
}

function registerRpcMetrics(registers: Registry[]): ScalerMetrics['onRpc'] {
  const rpcs = new Counter({
    name: 'forescale_rpc_requests_total',
    help: 'RPCs answered, by method and gRPC status',
    labelNames: ['method', 'status'],
    registers,
  });
  const rpcSeconds = new Histogram({
    name: 'forescale_rpc_duration_seconds',
    help: 'Time an RPC took',
    labelNames: ['method'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5],
    registers,
  });
  return (method, statusName, seconds) => {
    rpcs.inc({ method, status: statusName });
    rpcSeconds.observe({ method }, seconds);
  };
}

function registerRefreshMetrics(registers: Registry[]): ScalerMetrics['onRefresh'] {
  const refreshSeconds = new Histogram({
    name: 'forescale_refresh_duration_seconds',
    help: 'Time a refresh from the source took, by what was asked for',
    labelNames: ['what'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const refreshFailures = new Counter({
    name: 'forescale_refresh_failures_total',
    help: 'Refreshes that failed, by what was asked for and error code',
    labelNames: ['what', 'code'],
    registers,
  });
  return ({ what, seconds, error }) => {
    refreshSeconds.observe({ what }, seconds);
    if (error !== undefined) refreshFailures.inc({ what, code: error.code });
  };
}

function registerCertificateMetrics(registers: Registry[], certificates: CertificateSource | undefined) {
  new Gauge({
    name: 'forescale_tls_certificate_expiry_timestamp_seconds',
    help: 'Unix time at which a certificate of --tls-cert-file (server) or --tls-client-ca-file (client-ca) ends',
    labelNames: ['certificate'],
    registers,
    collect() {
      const { server, clientCa } = certificates?.current().expirySeconds ?? {};
      if (server !== undefined) this.set({ certificate: 'server' }, server);
      if (clientCa !== undefined) this.set({ certificate: 'client-ca' }, clientCa);
    },
  });
  const renewals = new Counter({
    name: 'forescale_tls_renewals_total',
    help: 'Changes of the TLS files: renewed, or refused because they cannot be served',
    labelNames: ['outcome'],
    registers,
  });
  // From zero on, because a counter whose first value is one has never increased.
  if (certificates !== undefined) for (const outcome of renewalOutcomes) renewals.inc({ outcome }, 0);
  return renewals;
}
