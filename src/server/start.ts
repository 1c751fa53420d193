import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { createApiApp } from '../api/app.ts';
import type { ApiPlugin } from '../api/instance.ts';
import type { AdHocForecaster, ServerMode } from '../api/ports.ts';
import { createDemandModels, type ResolveSource } from '../forecast/index.ts';
import { createSources } from '../history/profiles.ts';
import { systemClock } from '../platform/clock.ts';
import { ForescaleError } from '../platform/errors.ts';
import { isLoopback, parseHostPort } from '../platform/host-port.ts';
import { createLifecycle, type Lifecycle } from '../platform/lifecycle.ts';
import type { Logger } from '../platform/log.ts';
import { createSecretFile } from '../platform/secrets/secret-file.ts';
import { type CertificatePaths, openCertificateFiles } from '../platform/tls/certificate-files.ts';
import {
  createKnownWorkloadsFile,
  createScalerMetrics,
  createScalerService,
  createWorkloads,
  startGrpcServer,
} from '../scaler/index.ts';
import { type ServerFile, timingOf } from './config.ts';
import { renewCertificates } from './renew-certificates.ts';
import { warmUp } from './warm-up.ts';

/** Known and declared workloads get this long to be warm before the server says ready all the same. */
const warmUpMs = 60_000;
const housekeepingMs = 60_000;
/** A renewed certificate is taken over within two looks at its files. */
const certificateLookMs = 5_000;

export interface ServerOptions {
  /** host:port; port 0 picks a free one. */
  readonly grpcAddress: string;
  readonly httpAddress: string;
  readonly file: ServerFile;
  readonly prometheusUrl: string | undefined;
  readonly apiTokenFile: string | undefined;
  readonly tls?: CertificatePaths;
  /** Default 5000: how often the files of `tls` are looked at. */
  readonly certificateLookMs?: number;
  readonly stateDirectory: string | undefined;
  readonly mode: ServerMode;
  readonly version: string;
  readonly log: Logger;
  /** Each adds routes of its own to the HTTP server. */
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
    return await open(options, lifecycle);
  } catch (error) {
    await lifecycle.close();
    throw error;
  }
}

async function open(options: ServerOptions, lifecycle: Lifecycle): Promise<RunningServer> {
  const { log, file } = options;
  const clock = systemClock;
  const monotonic = () => performance.now() / 1000;
  const timing = timingOf(file);
  let mode = options.mode;

  const sources = createSources({
    defaultUrl: options.prometheusUrl ?? file.prometheusUrl,
    profiles: file.profiles ?? [],
    allowedAddresses: file.allowedAddresses ?? [],
  });
  lifecycle.onClose('sources', () => sources.close());

  const registry = new Registry();
  const certificates =
    options.tls === undefined ? undefined : await openCertificateFiles(options.tls, { clock, log });
  const metrics = createScalerMetrics(registry, options.version, certificates);
  if (certificates !== undefined) {
    const everyMs = options.certificateLookMs ?? certificateLookMs;
    lifecycle.onClose('certificates', renewCertificates(certificates, everyMs, metrics.onCertificateRenewal));
  }
  const models = createDemandModels({
    resolveSource: sources.resolve,
    refreshIntervalSeconds: timing.refreshInterval,
    freshSeconds: timing.freshAge,
    clock,
    log,
    onRefresh: metrics.onRefresh,
  });
  lifecycle.onClose('models', () => models.close());

  const workloads = createWorkloads({
    models,
    defaults: {
      lags: {
        scrapeIntervalSeconds: timing.scrapeInterval,
        refreshIntervalSeconds: timing.refreshInterval,
        kedaPollingSeconds: timing.kedaPollingInterval,
        hpaSyncSeconds: timing.hpaSyncInterval,
      },
      leadTimeSeconds: timing.leadTime,
      freshSeconds: timing.freshAge,
      blindSeconds: timing.blindAge,
    },
    maxWorkloads: file.limits?.workloads ?? 10_000,
    forgetAfterSeconds: timing.forgetAfter,
    clock,
    monotonic,
    log,
    isForcedReactive: () => mode === 'reactive',
  });
  lifecycle.onClose('workloads', () => workloads.close());

  const known =
    options.stateDirectory === undefined ? undefined : createKnownWorkloadsFile(options.stateDirectory, log);
  const warm = warmUp(workloads, file.workloads ?? [], (await known?.load()) ?? [], {
    timeoutMs: warmUpMs,
    log,
  });
  const housekeeping = setInterval(() => {
    workloads.forgetIdle();
    void known?.save(workloads.refs());
  }, housekeepingMs);
  lifecycle.onClose('housekeeping', async () => {
    clearInterval(housekeeping);
    await known?.save(workloads.refs());
  });

  const service = createScalerService({
    workloads,
    log,
    onRpc: metrics.onRpc,
    monotonic,
  });
  const grpc = await startGrpcServer(options.grpcAddress, service, certificates);
  lifecycle.onClose('grpc', () => grpc.close());

  let isReady = false;
  const http = parseHostPort('--http-address', options.httpAddress);
  const apiToken = options.apiTokenFile === undefined ? undefined : await openToken(options.apiTokenFile);
  const app = await createApiApp({
    directory: workloads,
    adHoc: adHocHistory(sources.resolve),
    ready: () => ({
      ready: isReady,
      reasons: warm.pending().map((name) => `the history of ${name} is being read`),
    }),
    metrics: () => metrics.scrape(workloads, clock()),
    ...(apiToken === undefined ? {} : { token: apiToken }),
    ...(certificates === undefined ? {} : { certificates }),
    boundToLoopback: isLoopback(http.host),
    log,
    clock,
    version: options.version,
    modeSwitch: {
      mode: () => mode,
      setMode(wanted) {
        mode = wanted;
        log.warn({ mode }, 'mode-switched');
      },
    },
    plugins: options.plugins ?? [],
  });
  lifecycle.onClose('http', () => app.close());
  await app.listen({ host: http.host, port: http.port }).catch((cause: unknown) => {
    const message = `cannot listen for HTTP on ${options.httpAddress}: ${String(cause)}; choose another with --http-address`;
    throw new ForescaleError('invalid-argument', message, { cause });
  });

  const ready = warm.done.then(() => {
    isReady = true;
    grpc.setServing(true);
  });
  const { port } = app.server.address() as AddressInfo;
  return {
    grpcPort: grpc.port,
    httpUrl: `${certificates === undefined ? 'http' : 'https'}://${http.host}:${port}`,
    ready,
    close: lifecycle.close,
  };
}

/** Ad-hoc queries come from people with the token, not from a namespace: profiles closed to some are closed to them. */
function adHocHistory(resolve: ResolveSource): AdHocForecaster {
  return {
    async history({ query, address, rangeSeconds, stepSeconds }, signal) {
      const { source } = resolve({
        address,
        namespace: '',
        headers: {},
        parameters: {},
        timeoutMs: undefined,
      });
      const endSeconds = systemClock();
      const step = stepSeconds ?? Math.min(60, Math.max(1, Math.floor(rangeSeconds / 1000)));
      return source.range({
        query,
        startSeconds: endSeconds - rangeSeconds,
        endSeconds,
        stepSeconds: step,
        signal,
      });
    },
  };
}

/** The token in the file, which may be renewed while we run; rejects where there is none at the start. */
async function openToken(path: string): Promise<() => Promise<string>> {
  const file = createSecretFile('--api-token-file', path);
  const token = async () => (await file.read()).text;
  await token();
  return token;
}
