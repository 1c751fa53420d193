import type { FastifyInstance } from 'fastify';
import type { InFlight } from './in-flight.ts';
import type { AppMetrics } from './metrics.ts';
import { droppedStatus } from './work.ts';

/** What nginx logs for a client that left before it was answered; there is no standard status for it. */
const clientClosedRequest = 499;

/**
 * Counts and times every request of the routes registered with `instance`, those that match none included.
 */
export function measureRequests(instance: FastifyInstance, metrics: AppMetrics, inFlight: InFlight): void {
  instance.addHook('onRequest', (request, reply, done) => {
    const startedMs = performance.now();
    inFlight.enter();
    // Not onResponse: that hook is not called for a client that left, and requests in flight would only rise.
    reply.raw.once('close', () => {
      inFlight.leave();
      const isOurDoing = reply.raw.writableEnded || reply.statusCode === droppedStatus;
      const status = isOurDoing ? reply.statusCode : clientClosedRequest;
      const route = request.routeOptions.url ?? 'unmatched';
      metrics.requestFinished(request.method, route, status, (performance.now() - startedMs) / 1000);
    });
    done();
  });
}
