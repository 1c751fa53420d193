import { hostname } from 'node:os';
import { Registry } from 'prom-client';
import type { ApiPlugin } from '../api/instance.ts';
import type { ServerMode } from '../api/peers.ts';
import type { ApiOptions } from '../api/ports.ts';
import { createDemandModels, type DemandModels, type ResolveSource } from '../forecast/index.ts';
import type { Proxies } from '../history/http/proxies.ts';
import { createSources, type Sources } from '../history/profiles.ts';
import { systemClock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { createLifecycle, type Lifecycle } from '../platform/process/lifecycle.ts';
import { type CertificatePaths, openCertificateFiles } from '../platform/tls/certificate-files.ts';
import {
  type ClusterFacts,
  createScalerMetrics,
  createScalerService,
  createWorkloads,
  inForceSeconds,
  type ScalerMetrics,
  type Shards,
  startGrpcServer,
  type Workloads,
} from '../scaler/index.ts';
import { type OpenCalendars, openCalendars } from './calendars/open-calendars.ts';
import { type ServerFile, usualNamespaceLimit, usualWorkloadLimit } from './config.ts';
import { createEventLog, type Noting, noteBoth } from './event-log.ts';
import { openHttp } from './http.ts';
import { keepWorkloads } from './keep-workloads.ts';
import { type OpenArchive, openArchive } from './open-archive.ts';
import { openCluster, startLooking } from './open-cluster.ts';
import { openDecisionRecord, pastDecisionsOf } from './open-decision-record.ts';
import { openPeers } from './peers/open-peers.ts';
import { createSharedSnapshots, type SharedSnapshots } from './peers/peer-snapshots.ts';
import { createSharedMode } from './peers/shared-mode.ts';
import { renewCertificates } from './renew-certificates.ts';
import { openReplayThreads } from './replays/replay-threads.ts';
import { readOtherShards } from './shards/read-other-shards.ts';
import { readShards } from './shards/read-shards.ts';
import { openSnapshots } from './snapshots/open-snapshots.ts';
import { playedServer, readTiming, type Timing, workloadDefaults } from './timing.ts';
import { createWhatIfPlayer } from './what-if/player.ts';

/** Time between two checks of the certificate's files. A renewed certificate is used after at most two checks. */
const certificateLookMs = 5_000;

export interface ServerOptions {
  /** Address to listen on for gRPC, `host:port`; port 0 picks a free one. */
  readonly grpcAddress: string;
  readonly httpAddress: string;
  readonly file: ServerFile;
  /** Address of the source of triggers that name none. */
  readonly prometheusUrl: string | undefined;
  /** Proxies of the environment through which sources are reached. */
  readonly proxies?: Proxies;
  readonly apiTokenFile: string | undefined;
  readonly tls?: CertificatePaths;
  /** Time between two checks of the files of `tls`. Default: 5000. */
  readonly certificateLookMs?: number;
  readonly stateDir: string | undefined;
  /** URL of a name that resolves to every replica, or several; undefined = there is none to ask. */
  readonly peers?: string | undefined;
  readonly mode: ServerMode;
  readonly version: string;
  readonly log: Logger;
  /** Each plugin adds routes of its own to the HTTP server. */
  readonly plugins?: readonly ApiPlugin[];
}

export interface RunningServer {
  readonly grpcPort: number;
  readonly httpUrl: string;
  /** Settles when known and declared workloads are warm, or their time is over; the server is ready from then on. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** Makes every part of `forescale serve`, wires and starts them; closes what was opened when one of them fails. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { log } = options;
  const lifecycle = createLifecycle(log);
  try {
    return await assemble(options, lifecycle);
  } catch (error) {
    await lifecycle.close();
    throw error;
  }
}

async function assemble(options: ServerOptions, lifecycle: Lifecycle): Promise<RunningServer> {
  const { log, file } = options;
  const eventLog = createEventLog(workloadLimit(file));
  const mode = createSharedMode(options.mode, { clock: systemClock, log, onSwitch: eventLog.noteSwitch });
  const sources = openSources(options, lifecycle);

  const certificates =
    options.tls === undefined
      ? undefined
      : await openCertificateFiles(options.tls, { clock: systemClock, log });
  const metrics = createScalerMetrics(new Registry(), options.version, certificates);
  if (certificates !== undefined) {
    const everyMs = options.certificateLookMs ?? certificateLookMs;
    lifecycle.onClose('certificates', renewCertificates(certificates, everyMs, metrics.onCertificateRenewal));
  }
  const timing = readTiming(file.timing);
  const shards = readShards(file);
  const cluster = openCluster(file, timing.settle, { sources, metrics, log, lifecycle });
  const calendars = await openCalendars(options, { eventLog, lifecycle });
  metrics.registerCalendars(calendars.standings);
  const { record, archive } = openKept(options, { timing, metrics, lifecycle });
  const { workloads, models, snapshots } = openWorkloads(options, timing, {
    archive,
    record: noteBoth(record, eventLog),
    resolve: sources.resolve,
    metrics,
    isForcedReactive: () => mode.mode() === 'reactive',
    cluster,
    shards,
    calendars,
    lifecycle,
  });
  const warm = await keepWorkloads(workloads, { ...options, certificates }, lifecycle);
  const shared = await openPeers(options, {
    replica: hostname(),
    ...{ workloads, models, mode, monotonic, lifecycle, certificates, archive, snapshots, calendars },
    ownRecord: record,
    eventLog,
    inForceSeconds: inForceSeconds(timing.refreshInterval),
  });
  const looked = startLooking(cluster, log);

  const service = createScalerService({ workloads, log, onRpc: metrics.onRpc, monotonic });
  const grpc = await startGrpcServer(options.grpcAddress, service, {
    certificates,
    maxPushed: workloadLimit(file),
  });
  lifecycle.onClose('grpc', () => grpc.close());
  let isReady = false;
  const api = {
    ...options,
    directory: workloads,
    whatIf: createWhatIfPlayer(playedServer(timing)),
    ...shared,
    calendars: calendars.book,
    pastDecisions: pastDecisionsOf(shared.record),
    ready: () => ({ ready: isReady, reasons: warm.pending() }),
    metrics: metricsText(metrics, workloads),
    certificates,
    shards: readOtherShards(shards, { proxies: options.proxies, lifecycle }),
  };
  const httpUrl = await openHttp(options, api, sources.resolve, lifecycle);
  const ready = Promise.all([warm.done, looked]).then(() => {
    isReady = true;
    grpc.setServing(true);
  });
  return { grpcPort: grpc.port, httpUrl, ready, close: lifecycle.close };
}

function openSources({ file, prometheusUrl, proxies }: ServerOptions, lifecycle: Lifecycle): Sources {
  const sources = createSources({
    defaultUrl: prometheusUrl ?? file.prometheusUrl,
    profiles: file.profiles ?? [],
    allowedAddresses: file.allowedAddresses ?? [],
    ...(proxies === undefined ? {} : { proxies }),
  });
  lifecycle.onClose('sources', () => sources.close());
  return sources;
}

function metricsText(metrics: ScalerMetrics, workloads: Workloads): ApiOptions['metrics'] {
  return {
    all: () => metrics.scrape(workloads, systemClock()),
    of: (some) => metrics.scrapeWorkloads(some, systemClock()),
  };
}

/** Opens what is kept in the state directory beside the list of workloads: what was decided, and what demand was. */
function openKept(
  options: ServerOptions,
  {
    timing,
    metrics,
    lifecycle,
  }: { readonly timing: Timing; readonly metrics: ScalerMetrics; readonly lifecycle: Lifecycle },
) {
  const record = openDecisionRecord(options, { timing, onState: metrics.onRecordState, lifecycle });
  const archive = openArchive(options, lifecycle);
  metrics.registerArchive(archive?.own.state);
  return { record, archive };
}

function workloadLimit({ limits }: ServerFile): number {
  return limits?.workloads ?? usualWorkloadLimit;
}

function monotonic(): number {
  return performance.now() / 1000;
}

function openWorkloads(
  { file, stateDir, peers, log }: ServerOptions,
  timing: Timing,
  parts: {
    readonly record: Noting;
    readonly archive: OpenArchive | undefined;
    readonly resolve: ResolveSource;
    readonly metrics: ScalerMetrics;
    readonly isForcedReactive: () => boolean;
    readonly cluster: ClusterFacts | undefined;
    readonly shards: Shards | undefined;
    readonly calendars: OpenCalendars;
    readonly lifecycle: Lifecycle;
  },
): { readonly workloads: Workloads; readonly models: DemandModels; readonly snapshots: SharedSnapshots } {
  const { lifecycle, metrics, isForcedReactive, cluster, calendars, record, archive } = parts;
  const snapshots = createSharedSnapshots();
  const models = createDemandModels({
    resolveSource: parts.resolve,
    refreshIntervalSeconds: timing.refreshInterval,
    freshSeconds: timing.freshAge,
    settleSeconds: timing.settle,
    clock: systemClock,
    log,
    onRefresh: metrics.onRefresh,
    archiveOf: archive?.archiveOf,
    threads: openReplayThreads({ log, lifecycle }),
    snapshots: {
      store: openSnapshots({ file, stateDir, log }),
      peers: peers === undefined ? undefined : snapshots,
    },
  });
  lifecycle.onClose('models', () => models.close());
  calendars.onChange(() => models.followEvents());
  const maxWorkloads = workloadLimit(file);
  const workloads = createWorkloads({
    models,
    defaults: workloadDefaults(timing),
    maxWorkloads,
    maxPerNamespace: file.limits?.workloadsPerNamespace ?? usualNamespaceLimit(maxWorkloads),
    shards: parts.shards,
    forgetAfterSeconds: timing.forgetAfter,
    replica: hostname(),
    clock: systemClock,
    monotonic,
    log,
    isForcedReactive,
    cluster,
    calendars,
    record,
  });
  lifecycle.onClose('workloads', () => workloads.close());
  return { workloads, models, snapshots };
}
