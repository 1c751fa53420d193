import type { Clock } from '../platform/clock.ts';
import type { TypedInstance } from '../platform/http/typed-routes.ts';
import type { Logger } from '../platform/log.ts';
import { createBusyWork } from './capacity/busy-work.ts';
import { type Capacity, createCapacity } from './capacity/capacity.ts';
import { createInFlight, type InFlight } from './capacity/in-flight.ts';
import { createSlowStart } from './capacity/slow-start.ts';
import type { Timers } from './capacity/timers.ts';
import { createFanOut } from './chain/fan-out.ts';
import type { Environment } from './environment.ts';
import { createActiveFaults } from './faults/active-faults.ts';
import { type Behaviour, createLuck } from './faults/fate.ts';
import { registerAdminRoutes } from './http/admin-routes.ts';
import { registerInfoRoute } from './http/info-route.ts';
import { observeRequests } from './http/observed-requests.ts';
import { createReadiness, registerProbeRoutes } from './http/probe-routes.ts';
import { registerProcessRoutes } from './http/process-routes.ts';
import { prepareReference, registerReference } from './http/reference.ts';
import { createServer, refuseUnknown } from './http/server.ts';
import { createWork } from './http/work.ts';
import { createAppMetrics, type Registry } from './metrics/metrics.ts';
import { createSimulatedHistory } from './metrics/simulated-history.ts';
import { createLiveView } from './page/live-view.ts';
import { registerPage } from './page/page.ts';
import type { Tracing } from './tracing/tracing.ts';

/** After the last answer, connections may take this long to send what is left, before they are cut. */
const lingerMs = 500;

/** Settings that only the program needs, not the app. */
type ProgramSettings = 'port' | 'seed' | 'drainSeconds' | 'otlpEndpoint' | 'logLevel';

export interface TelemetryAppOptions extends Omit<Environment, ProgramSettings> {
  readonly version: string;
  /** Name of this replica. */
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
  /** The server, which does not listen yet. */
  readonly server: TypedInstance;
  /** Reports not ready from now on and tells keep-alive clients to go elsewhere; everything is still served. */
  drain(): void;
  /** Accepts no more requests, finishes those under way, and settles when every connection is closed. */
  close(): Promise<void>;
}

/** Builds the demo workload: a service that can be chained, slowed and made to fail. */
export function createTelemetryApp(options: TelemetryAppOptions): TelemetryApp {
  const { name: app, version, instance, clock, log, tracing, registry } = options;
  const { nowMs } = options.timers;
  const slowStart = createSlowStart({ ...options, nowMs });
  const readiness = createReadiness(() => slowStart.secondsToReady() === 0);
  const faults = createActiveFaults({ base: behaviourOf(options), clock, nowMs });
  const factor = () => slowStart.factor() * faults.capacityRatio();
  const capacity = capacityOf(options, factor);
  const inFlight = createInFlight();
  const live = createLiveView({ clock, nowMs: () => performance.now() });
  const metrics = createAppMetrics({
    registry,
    app,
    version,
    inFlight: inFlight.count,
    history: createSimulatedHistory(app, options.historicalPeak, clock),
    capacity,
    capacityRatio: () => (slowStart.secondsToReady() > 0 ? 0 : factor()),
    activeFaults: () => faults.list().map(({ fault }) => fault),
  });
  const onFinished = metrics.upstreamFinished;
  const fanOut = options.destinations && createFanOut(options.destinations, { ...options, onFinished });
  const work = createWork({
    behaviour: faults.behaviour,
    luck: createLuck(options.seed),
    mayAskForFaults: options.faultHeaders === 'on',
    secondsToReady: slowStart.secondsToReady,
    capacity,
    onRejected: metrics.requestRejected,
    busyWork: createBusyWork(),
    delay: options.delay,
  });
  const identity = identityOf(options);
  const server = createServer({ app, instance, isDraining: () => readiness.state() === 'draining', log });
  const endpoints = prepareReference(server, version);
  const info = () => ({
    ...identity(),
    errorPercent: options.errorPercent,
    maxLatencyMs: options.maxLatencyMs,
    seed: options.seed,
    behaviour: faults.behaviour(),
    capacity: {
      requestsPerSecond: capacity?.requestsPerSecond() ?? null,
      concurrency: capacity?.concurrency() ?? null,
    },
    endpoints,
  });
  const shown = () => ({
    ...identity(),
    state: readiness.state(),
    inFlight: inFlight.count(),
    ...live.state(),
  });
  server.register(async (observed) => {
    observeRequests(observed, { metrics, live, inFlight, tracing });
    refuseUnknown(observed);
    registerInfoRoute(observed, app, work, info);
    registerProcessRoutes(observed, { app, instance, work, fanOut, onCall: live.called });
  });
  server.register(async (plain) => registerProbeRoutes(plain, readiness, metrics.scrape));
  const token = options.adminToken ?? options.adminTokenFromFile;
  server.register(async (admin) => registerAdminRoutes(admin, { host: options.host, token, faults, log }));
  server.register(async (plain) => registerPage(plain, shown));
  server.register(async (plain) => registerReference(plain));
  server.addHook('onClose', () => fanOut?.close());
  return { server, drain: readiness.drain, close: () => closeWhenIdle(server, inFlight) };
}

async function closeWhenIdle(server: TypedInstance, inFlight: InFlight): Promise<void> {
  const closed = server.close();
  await inFlight.idle();
  // The connections that are left carry no request: they were opened ahead of need, or sent half a request.
  const cut = setTimeout(() => server.server.closeAllConnections(), lingerMs);
  await closed;
  clearTimeout(cut);
}

/** Who this app is and how long it has been running. */
function identityOf({ name, version, instance, destinations, clock }: TelemetryAppOptions) {
  const startedAt = clock();
  const destination = destinations?.join(',') ?? null;
  return () => ({ name, version, instance, destination, uptimeSeconds: Math.round(clock() - startedAt) });
}

/** Faults of the requests as the environment sets them. */
function behaviourOf(options: TelemetryAppOptions): Behaviour {
  const { errorPercent, errorKinds, errorDelayMs, maxLatencyMs, cpuMs, memoryMib } = options;
  return {
    latency: options.latencyDistribution ?? { kind: 'uniform', lowMs: 0, highMs: maxLatencyMs },
    errors: { percent: errorPercent, kinds: errorKinds, delayMs: errorDelayMs },
    cpuMs,
    memoryMib,
  };
}

/** The capacity, of which there is the share `factor` now; undefined where there is no limit. */
function capacityOf(options: TelemetryAppOptions, factor: () => number): Capacity | undefined {
  const { capacityRps: requestsPerSecond, capacityConcurrency: concurrency } = options;
  if (requestsPerSecond === undefined && concurrency === undefined) return undefined;
  return createCapacity({ ...options, requestsPerSecond, concurrency, factor });
}
