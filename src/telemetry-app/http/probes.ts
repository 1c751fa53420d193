import type { Exposition } from '../metrics/metrics.ts';
import type { Endpoint } from './endpoint.ts';
import { ref } from './openapi-schemas.ts';
import type { Readiness } from './readiness.ts';

const status = { 'application/json': ref('Status') };

/** What the platform asks, not the users: never slowed, never failed on purpose, never counted as demand. */
export function probeEndpoints(
  readiness: Readiness,
  scrape: (accept?: string) => Promise<Exposition>,
): Endpoint[] {
  return [
    {
      method: 'GET',
      path: '/healthz',
      meaning: 'liveness: 200 while the process can answer, starting and draining included',
      contract: { answers: { 200: status } },
      handler: () => ({ status: 'alive' }),
    },
    {
      method: 'GET',
      path: '/readyz',
      meaning: 'readiness: 200, or 503 while starting (APP_READY_DELAY_SECONDS) or draining',
      contract: { answers: { 200: status, 503: status } },
      handler(_, reply) {
        const status = readiness.state();
        return reply.code(status === 'ready' ? 200 : 503).send({ status });
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      meaning: 'metrics in the Prometheus text format, or in OpenMetrics with exemplars for who asks for it',
      contract: {
        answers: {
          200: { 'text/plain': { type: 'string' }, 'application/openmetrics-text': { type: 'string' } },
        },
      },
      async handler(request, reply) {
        const { contentType, body } = await scrape(request.headers.accept);
        return reply.type(contentType).send(body);
      },
    },
  ];
}
