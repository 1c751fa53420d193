import type { FastifyInstance } from 'fastify';
import { createRandom } from '../load/random.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import type { Endpoint } from './endpoint.ts';
import type { Environment } from './environment.ts';
import { errorShare } from './errors.ts';
import { createFanOut, type FanOut } from './fan-out.ts';
import { createRequestHistory } from './historical.ts';
import { createInFlight } from './in-flight.ts';
import { infoEndpoint } from './info.ts';
import { uniformLatency } from './latency.ts';
import { createLiveView } from './live-view.ts';
import { type AppMetrics, createAppMetrics, type Registry } from './metrics.ts';
import { openApiEndpoint } from './openapi.ts';
import { createPage } from './page.ts';
import { probeEndpoints } from './probes.ts';
import { processEndpoints } from './process.ts';
import { createReadiness } from './readiness.ts';
import { measureRequests } from './request-metrics.ts';
import { createRequestTraces } from './request-trace.ts';
import { createServer } from './server.ts';
import type { Tracing } from './tracing.ts';
import { createUpstream } from './upstream.ts';
import { createWork } from './work.ts';

/** One source of chance for each purpose, so that a setting of one does not shift the draws of another. */
const streams = { latency: 1, errors: 2 };

/** After the last answer: for what is just being sent, before the connections left are cut. */
const lingerMs = 500;

type Behaviour = Pick<
  Environment,
  | 'name'
  | 'destinations'
  | 'callMode'
  | 'upstreamFailure'
  | 'errorPercent'
  | 'maxLatencyMs'
  | 'timeoutMs'
  | 'historicalPeak'
>;

export interface TelemetryAppOptions extends Behaviour {
  readonly version: string;
  /** Which replica this is. */
  readonly instance: string;
  readonly tracing: Tracing;
  readonly seed: number;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly delay: (milliseconds: number) => Promise<void>;
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
  const readiness = createReadiness();
  const inFlight = createInFlight();
  const history = createRequestHistory(name, options.historicalPeak, clock);
  const live = createLiveView(clock);
  const metrics = createAppMetrics({ ...options, app: name, inFlight: inFlight.count, history });
  const observed: AppMetrics = {
    ...metrics,
    requestFinished(method, route, status, seconds, exemplar) {
      metrics.requestFinished(method, route, status, seconds, exemplar);
      live.requestFinished(status, seconds);
    },
  };
  const traces = createRequestTraces(options.tracing);
  const fanOut = destinations.length === 0 ? undefined : fanOutOf(destinations, options, metrics);
  const work = createWork({
    app: name,
    latency: uniformLatency(maxLatencyMs, createRandom(seed, streams.latency)),
    fails: errorShare(errorPercent, createRandom(seed, streams.errors)),
    delay: options.delay,
  });

  const uptimeSeconds = () => Math.round(clock() - startedAt);
  const destination = destinations.length === 0 ? null : destinations.join(',');
  const probes = probeEndpoints(readiness, metrics.scrape);
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
    measure(measured) {
      traces.watch(measured);
      measureRequests(measured, observed, inFlight, traces.exemplar);
    },
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
