import type { FastifyInstance } from 'fastify';
import type { InFlight } from '../capacity/in-flight.ts';
import { droppedStatus } from '../capacity/work.ts';
import type { LiveView } from '../page/live-view.ts';
import type { RequestTraces } from '../tracing/request-trace.ts';
import type { AppMetrics } from './metrics.ts';

/** What nginx logs for a client that left before it was answered; there is no standard status for it. */
const clientClosedRequest = 499;

export interface Observers {
  readonly metrics: AppMetrics;
  readonly live: LiveView;
  readonly inFlight: InFlight;
  readonly traces: RequestTraces;
}

/**
 * Tells the observers of every request of the routes registered with `instance`, those that match none included. One
 * hook for all of them, and one look at the clock at either end: every request goes through this (bench/telemetry-app/bench-app.ts).
 */
export function observeRequests(
  instance: FastifyInstance,
  { metrics, live, inFlight, traces }: Observers,
): void {
  instance.decorateRequest('trace', null);
  instance.addHook('onRequest', (request, reply, done) => {
    const trace = traces(request);
    const { raw } = reply;
    inFlight.enter();
    // Not onResponse: that hook is not called for a client that left, and requests in flight would only rise.
    raw.on('close', () => {
      inFlight.leave();
      const { statusCode, writableEnded } = raw;
      const isOurDoing = writableEnded || statusCode === droppedStatus;
      const status = isOurDoing ? statusCode : clientClosedRequest;
      const route = request.routeOptions.url ?? 'unmatched';
      const endedMs = performance.now();
      const seconds = (endedMs - trace.startedMs) / 1000;
      metrics.requestFinished(request.method, route, status, seconds, trace.exemplar);
      live.requestFinished(status, seconds, endedMs);
      trace.end(statusCode, writableEnded);
    });
    done();
  });
}
