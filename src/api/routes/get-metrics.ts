import { Type } from 'typebox';
import type { Route } from './route.ts';

/** `GET /metrics`, in the format that the registry writes. */
export const getMetricsRoute: Route = (app, { metrics }) => {
  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'getMetrics',
        summary: 'Metrics of this server, for Prometheus',
        tags: ['server'],
        response: {
          200: {
            description: 'Prometheus text format',
            content: { 'text/plain': { schema: Type.String() } },
          },
        },
      },
    },
    async (_request, reply) => {
      const { contentType, body } = await metrics();
      return reply.type(contentType).send(body);
    },
  );
};
