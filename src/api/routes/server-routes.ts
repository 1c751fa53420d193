import { Type } from 'typebox';
import { standingOf } from '../answers/standing.ts';
import { type ApiInstance, answers, NoParameters } from '../instance.ts';
import type { ApiOptions, ServerMode } from '../ports.ts';
import { HealthSchema, ModeAnswerSchema, ReadySchema, StatusSchema } from '../schemas.ts';
import type { TokenGuard } from '../token.ts';

const tags = ['server'];

/** The server itself: status, kill switch, probes and metrics. */
export function registerServerRoutes(
  app: ApiInstance,
  options: ApiOptions,
  guard: TokenGuard,
  serverMode: () => ServerMode,
): void {
  const { clock, directory, modeSwitch } = options;
  const startedSeconds = clock();

  app.get(
    '/api/v1/status',
    {
      schema: {
        operationId: 'getStatus',
        summary: 'Version, mode, and workloads by state',
        tags,
        querystring: NoParameters,
        response: answers(StatusSchema),
      },
    },
    () => {
      const byState: Record<string, number> = {};
      const workloads = directory.list();
      for (const workload of workloads) {
        const { state } = standingOf(workload, workload.decision(), serverMode());
        byState[state] = (byState[state] ?? 0) + 1;
      }
      const { ready, reasons } = options.ready();
      return {
        version: options.version,
        uptimeSeconds: Math.max(0, clock() - startedSeconds),
        mode: serverMode(),
        ready,
        reasons,
        workloads: { total: workloads.length, byState },
      };
    },
  );

  if (modeSwitch !== undefined) {
    app.post(
      '/api/v1/mode',
      {
        onRequest: guard,
        schema: {
          operationId: 'setMode',
          summary: 'Kill switch: make every signal reactive at once, or give the forecast back its say',
          tags,
          security: [{ token: [] }],
          querystring: NoParameters,
          body: Type.Object({ mode: Type.Enum(['active', 'reactive']) }, { additionalProperties: false }),
          response: answers(ModeAnswerSchema),
        },
      },
      ({ body }) => {
        modeSwitch.setMode(body.mode);
        return { mode: modeSwitch.mode() };
      },
    );
  }

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

  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'getReadiness',
        summary: 'Readiness, and what is still being waited for',
        tags,
        response: { 200: ReadySchema, 503: ReadySchema },
      },
    },
    (_request, reply) => {
      const { ready, reasons } = options.ready();
      reply.code(ready ? 200 : 503);
      return { ready, reasons };
    },
  );

  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'getMetrics',
        summary: 'Metrics of this server, for Prometheus',
        tags,
        response: {
          200: {
            description: 'Prometheus text format',
            content: { 'text/plain': { schema: Type.String() } },
          },
        },
      },
    },
    async (_request, reply) => {
      const { contentType, body } = await options.metrics();
      return reply.type(contentType).send(body);
    },
  );
}
