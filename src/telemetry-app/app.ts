import type { FastifyInstance } from 'fastify';
import type { Clock } from '../platform/clock.ts';
import { isLoopback } from '../platform/host-port.ts';
import type { Logger } from '../platform/log.ts';
import { createAdmission } from './capacity/admission.ts';
import { createBusyWork } from './capacity/busy-work.ts';
import { type Capacity, createCapacity } from './capacity/capacity.ts';
import type { capacitySettings } from './capacity/capacity-settings.ts';
import { createInFlight } from './capacity/in-flight.ts';
import { createSlowStart, type SlowStart } from './capacity/slow-start.ts';
import { createWork } from './capacity/work.ts';
import { createFanOut, type FanOut } from './chain/fan-out.ts';
import { processEndpoints } from './chain/process.ts';
import { createUpstream } from './chain/upstream.ts';
import type { Environment } from './environment.ts';
import { type ActiveFaults, createActiveFaults } from './faults/active-faults.ts';
import { type Behaviour, createLuck } from './faults/fate.ts';
import type { faultSettings } from './faults/fault-settings.ts';
import { createRequestHistory } from './historical.ts';
import { adminEndpoints } from './http/admin-endpoints.ts';
import { createAdminGuard } from './http/admin-guard.ts';
import type { Endpoint } from './http/endpoint.ts';
import { openApiEndpoint } from './http/openapi.ts';
import { probeEndpoints } from './http/probes.ts';
import { createReadiness } from './http/readiness.ts';
import { createServer } from './http/server.ts';
import { infoEndpoint } from './info.ts';
import {
  type AppMetrics,
  type CapacityReadings,
  createAppMetrics,
  type Registry,
} from './metrics/metrics.ts';
import { observeRequests } from './metrics/observed-requests.ts';
import { createLiveView } from './page/live-view.ts';
import { createPage } from './page/page.ts';
import type { Timers } from './timers.ts';
import { createRequestTraces } from './tracing/request-trace.ts';
import type { Tracing } from './tracing/tracing.ts';

/** After the last answer: for what is just being sent, before the connections left are cut. */
const lingerMs = 500;

type Settings = Pick<
  Environment,
  | 'name'
  | 'host'
  | 'destinations'
  | 'callMode'
  | 'upstreamFailure'
  | 'errorPercent'
  | 'maxLatencyMs'
  | 'timeoutMs'
  | 'historicalPeak'
> &
  Pick<Environment, keyof typeof capacitySettings | keyof typeof faultSettings>;

export interface TelemetryAppOptions extends Settings {
  readonly version: string;
  /** Which replica this is. */
  readonly instance: string;
  readonly tracing: Tracing;
  readonly seed: number;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly delay: (milliseconds: number) => Promise<void>;
  readonly timers: Timers;
  readonly log: Logger;
}

export interface TelemetryApp {
  /** Not listening. */
  readonly server: FastifyInstance;
  /** From now on not ready, and keep-alive clients are told to go elsewhere; everything is still served. */
  drain(): void;
  /** Accepts no more, finishes what is under way, and settles when every connection is closed. */
  close(): Promise<void>;
}

/** Builds the demo workload: a service that can be chained, slowed and made to fail. */
export function createTelemetryApp(options: TelemetryAppOptions): TelemetryApp {
  const {
    name,
    version,
    instance,
    destinations = [],
    errorPercent,
    maxLatencyMs,
    seed,
    clock,
    log,
  } = options;
  const startedAt = clock();
  const slowStart = createSlowStart({ ...options, nowMs: options.timers.nowMs });
  const readiness = createReadiness(() => slowStart.secondsToReady() === 0);
  const base = behaviourOf(options);
  const faults = createActiveFaults({ base, clock, nowMs: options.timers.nowMs });
  const capacity = capacityOf(options, slowStart, faults);
  const inFlight = createInFlight();
  const history = createRequestHistory(name, options.historicalPeak, clock);
  const live = createLiveView({ clock, nowMs: () => performance.now() });
  const metrics = createAppMetrics({
    ...options,
    app: name,
    inFlight: inFlight.count,
    history,
    capacity: capacityReadings(capacity, slowStart, faults),
    activeFaults: () => faults.list().map(({ fault }) => fault),
  });
  const traces = createRequestTraces(options.tracing);
  const fanOut = destinations.length === 0 ? undefined : fanOutOf(destinations, options, metrics);
  const work = createWork({
    app: name,
    behaviour: faults.behaviour,
    luck: createLuck(seed),
    mayAskForFaults: options.faultHeaders === 'on',
    busyWork: createBusyWork(),
    delay: options.delay,
    admit: createAdmission({ app: name, capacity, onShed: metrics.requestShed, ...slowStart }),
  });

  const guard = createAdminGuard({
    token: options.adminToken ?? options.adminTokenFromFile,
    boundToLoopback: isLoopback(options.host),
  });
  const uptimeSeconds = () => Math.round(clock() - startedAt);
  const destination = destinations.length === 0 ? null : destinations.join(',');
  const probes = [
    ...probeEndpoints(readiness, metrics.scrape),
    ...adminEndpoints({ app: name, guard, faults, log }),
  ];
  const page = createPage(() => ({
    name,
    version,
    instance,
    destination,
    state: readiness.state(),
    uptimeSeconds: uptimeSeconds(),
    inFlight: inFlight.count(),
    ...live.state(),
  }));
  const openApi = openApiEndpoint(version, () => endpoints());
  const endpoints = (): Endpoint[] => [...workEndpoints, ...probes, ...page.endpoints, openApi];
  const info = () => ({
    name,
    version,
    instance,
    destination,
    errorPercent,
    maxLatencyMs,
    behaviour: faults.behaviour(),
    capacity: {
      requestsPerSecond: capacity?.requestsPerSecond() ?? null,
      concurrency: capacity?.concurrency() ?? null,
    },
    seed,
    uptimeSeconds: uptimeSeconds(),
    endpoints: endpoints().map(({ method, path, meaning }) => ({ method, path, meaning })),
  });
  const workEndpoints: Endpoint[] = [
    infoEndpoint(name, work, info),
    ...processEndpoints({ app: name, instance, work, fanOut, traces, onCall: live.called }),
  ];
  const server = createServer({
    app: name,
    instance,
    probes: [...probes, ...page.endpoints, ...page.assets, openApi],
    work: workEndpoints,
    observe: (observed) => observeRequests(observed, { metrics, live, inFlight, traces }),
    isDraining: () => readiness.state() === 'draining',
    log,
  });
  server.addHook('onClose', () => fanOut?.close());

  return {
    server,
    drain: readiness.drain,
    async close() {
      const closed = server.close();
      await inFlight.idle();
      // What is left are connections on which nothing was asked for: opened ahead of need, or half a request.
      const cut = setTimeout(() => server.server.closeAllConnections(), lingerMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

/** What requests suffer by the environment alone. */
function behaviourOf(options: TelemetryAppOptions): Behaviour {
  const { errorPercent, errorKinds, errorDelayMs, maxLatencyMs, latencyDistribution, cpuMs, memoryMib } =
    options;
  return {
    latency: latencyDistribution ?? { kind: 'uniform', lowMs: 0, highMs: maxLatencyMs },
    errors: { percent: errorPercent, kinds: errorKinds, delayMs: errorDelayMs },
    cpuMs,
    memoryMib,
  };
}

function capacityOf(
  options: TelemetryAppOptions,
  slowStart: SlowStart,
  faults: ActiveFaults,
): Capacity | undefined {
  const { capacityRps: requestsPerSecond, capacityConcurrency: concurrency } = options;
  if (requestsPerSecond === undefined && concurrency === undefined) return undefined;
  const factor = () => slowStart.factor() * faults.capacityRatio();
  return createCapacity({ ...options, requestsPerSecond, concurrency, factor });
}

function capacityReadings(
  capacity: Capacity | undefined,
  slowStart: SlowStart,
  faults: ActiveFaults,
): CapacityReadings {
  const isStarting = () => slowStart.secondsToReady() > 0;
  return {
    app_requests_queued: () => capacity?.queued() ?? 0,
    app_capacity_ratio: () => (isStarting() ? 0 : slowStart.factor() * faults.capacityRatio()),
    app_capacity_requests_per_second: () => capacity?.requestsPerSecond(),
    app_capacity_concurrency: () => capacity?.concurrency(),
  };
}

function fanOutOf(
  destinations: readonly string[],
  { timeoutMs, callMode, upstreamFailure }: TelemetryAppOptions,
  metrics: AppMetrics,
): FanOut {
  const upstreams = destinations.map((url) =>
    createUpstream({
      url,
      timeoutMs,
      onFinished: (outcome, status, seconds) => metrics.upstreamFinished(url, outcome, status, seconds),
    }),
  );
  return createFanOut({ upstreams, mode: callMode, onFailure: upstreamFailure });
}
