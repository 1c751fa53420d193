import type { TypedInstance } from '../../platform/http/typed-routes.ts';
import type { InFlight } from '../capacity/in-flight.ts';
import type { AppMetrics } from '../metrics/metrics.ts';
import type { LiveView } from '../page/live-view.ts';
import { RequestTrace } from '../tracing/request-trace.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { droppedStatus } from './problem.ts';

/** Status that nginx logs for a client that left before it was answered; there is no standard status for it. */
const clientClosedRequest = 499;

export interface Observers {
  readonly metrics: AppMetrics;
  readonly live: LiveView;
  readonly inFlight: InFlight;
  readonly tracing: Tracing;
}

/**
 * Reports every request of the routes of `server`, and every one that matches no route, to the observers. There is one hook
 * for all of them and one look at the clock at either end, because every request pays for it (bench/telemetry-app/bench-app.ts).
 */
export function observeRequests(
  server: TypedInstance,
  { metrics, live, inFlight, tracing }: Observers,
): void {
  server.decorateRequest('trace');
  server.addHook('onRequest', (request, reply, done) => {
    const trace = new RequestTrace(request, tracing);
    const { raw } = reply;
    request.trace = trace;
    inFlight.enter();
    // Not onResponse: Fastify does not call that hook when a client has left, and requests in flight would only rise.
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
