import { Type } from 'typebox';
import { toListItem } from '../answers/workload-answers.ts';
import { answers } from '../instance.ts';
import { WorkloadListSchema } from '../schemas.ts';
import type { Route } from './route.ts';

/** `GET /api/v1/workloads`: one line for each workload, from memory. */
export const listWorkloadsRoute: Route = (app, { directory, limits, serverMode }) => {
  app.get(
    '/api/v1/workloads',
    {
      schema: {
        operationId: 'listWorkloads',
        summary: 'Workloads and the state of each',
        tags: ['workloads'],
        querystring: Type.Object(
          {
            namespace: Type.Optional(Type.String({ description: 'only of this namespace', maxLength: 253 })),
            limit: Type.Integer({ minimum: 1, maximum: limits.workloadsPerPage, default: 100 }),
            offset: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 }),
          },
          { additionalProperties: false },
        ),
        response: answers(WorkloadListSchema),
      },
    },
    ({ query: { namespace, limit, offset } }) => {
      const all = directory.list();
      const matching =
        namespace === undefined ? all : all.filter((workload) => workload.namespace === namespace);
      const page = matching.slice(offset, offset + limit);
      return {
        total: matching.length,
        workloads: page.map((workload) => toListItem(workload, serverMode())),
      };
    },
  );
};
