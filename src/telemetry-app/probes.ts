import type { Endpoint } from './endpoint.ts';
import type { Exposition } from './metrics.ts';
import type { Readiness } from './readiness.ts';

/** What the platform asks, not the users: never slowed, never failed on purpose, never counted as demand. */
export function probeEndpoints(readiness: Readiness, scrape: () => Promise<Exposition>): Endpoint[] {
  return [
    {
      method: 'GET',
      path: '/healthz',
      meaning: 'liveness: 200 while the process can answer, starting and draining included',
      handler: () => ({ status: 'alive' }),
    },
    {
      method: 'GET',
      path: '/readyz',
      meaning: 'readiness: 200, or 503 while starting (APP_READY_DELAY_SECONDS) or draining',
      handler(_, reply) {
        const status = readiness.state();
        return reply.code(status === 'ready' ? 200 : 503).send({ status });
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      meaning: 'metrics in the Prometheus text format',
      async handler(_, reply) {
        const { contentType, body } = await scrape();
        return reply.type(contentType).send(body);
      },
    },
  ];
}
