import { Type } from 'typebox';
import { refTo, type TypedInstance } from '../../platform/http/typed-routes.ts';
import type { AppMetrics } from '../metrics/metrics.ts';
import { described } from './described.ts';

export const StatusSchema = Type.Object({ status: Type.String() }, { $id: 'Status' });

const status = refTo<unknown>('Status');
const text = { schema: Type.String() };

export type Readiness = ReturnType<typeof createReadiness>;

/** Whether load balancers should send requests to this app. An app that starts or drains is alive all the same. */
export function createReadiness(isStarted: () => boolean) {
  let isDraining = false;
  return {
    state: () => (isDraining ? 'draining' : isStarted() ? 'ready' : 'starting'),
    /** From now on /readyz answers 503. */
    drain() {
      isDraining = true;
    },
  };
}

/** Requests of the platform, not of users: never slowed, never failed on purpose, never counted as demand. */
export function registerProbeRoutes(
  server: TypedInstance,
  readiness: Readiness,
  scrape: AppMetrics['scrape'],
): void {
  server.get(
    '/healthz',
    described('liveness: 200 while the process can answer, starting and draining included', { 200: status }),
    () => ({ status: 'alive' }),
  );
  server.get(
    '/readyz',
    described('readiness: 200, or 503 while starting (APP_READY_DELAY_SECONDS) or draining', {
      200: status,
      503: status,
    }),
    (_, reply) => {
      const state = readiness.state();
      reply.code(state === 'ready' ? 200 : 503);
      return { status: state };
    },
  );
  server.get(
    '/metrics',
    described('metrics in the Prometheus text format, or in OpenMetrics with exemplars for who asks for it', {
      200: { content: { 'text/plain': text, 'application/openmetrics-text': text } },
    }),
    async (request, reply) => {
      const { contentType, body } = await scrape(request.headers.accept);
      return reply.type(contentType).send(body);
    },
  );
}
