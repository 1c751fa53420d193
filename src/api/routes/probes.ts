import { answers } from '../instance.ts';
import { HealthSchema, ReadySchema } from '../schemas/server.ts';
import type { Route } from './route.ts';

const tags = ['server'];

/** `GET /healthz` says that this process runs. It says nothing about the source, because a restart would not mend that. */
export const getHealthRoute: Route = (app) => {
  app.get(
    '/healthz',
    {
      schema: {
        operationId: 'getHealth',
        summary: 'Liveness: the event loop turns',
        tags,
        response: answers(HealthSchema),
      },
    },
    () => ({ status: 'alive' as const }),
  );
};

/** `GET /readyz` answers 503 until the known and declared workloads have their history. */
export const getReadinessRoute: Route = (app, { ready }) => {
  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'getReadiness',
        summary: 'Readiness, and what the server still waits for',
        tags,
        response: { 200: ReadySchema, 503: ReadySchema },
      },
    },
    (_request, reply) => {
      const { ready: isReady, reasons } = ready();
      reply.code(isReady ? 200 : 503);
      return { ready: isReady, reasons };
    },
  );
};
