import { Type } from 'typebox';
import { workloadStates } from '../../forecast/index.ts';
import { answers } from '../instance.ts';
import { keepPeaks } from '../overview/keep-peaks.ts';
import { listWorkloads } from '../overview/workload-list.ts';
import { choice } from '../schemas/parts.ts';
import { WorkloadListSchema } from '../schemas/workload-list.ts';
import { linkNext } from './next-page.ts';
import type { Route } from './route.ts';

/** `GET /api/v1/workloads`: one line for each workload, worst first, from memory. */
export const listWorkloadsRoute: Route = (app, context) => {
  const noteAsked = keepPeaks(app, context);
  app.get(
    '/api/v1/workloads',
    {
      schema: {
        operationId: 'listWorkloads',
        summary: 'Workloads and the state of each, those that want attention first',
        tags: ['workloads'],
        querystring: Type.Object(
          {
            namespace: Type.Optional(Type.String({ description: 'only of this namespace', maxLength: 253 })),
            search: Type.Optional(
              Type.String({ description: 'part of `namespace/name`, whatever its case', maxLength: 507 }),
            ),
            state: Type.Optional(choice(workloadStates, { description: 'only in this state' })),
            sort: choice(['attention', 'name'], {
              description: 'attention = worst first, ties by name',
              default: 'attention',
            }),
            limit: Type.Integer({
              description: 'most entries of the answer',
              minimum: 1,
              maximum: context.limits.workloadsPerPage,
              default: 100,
            }),
            offset: Type.Integer({
              description: 'entries that are left out before them',
              minimum: 0,
              maximum: 1_000_000,
              default: 0,
            }),
          },
          { additionalProperties: false },
        ),
        response: answers(WorkloadListSchema),
      },
    },
    async (request, reply) => {
      noteAsked();
      const list = await listWorkloads(context, request.query);
      if (list.next !== null) linkNext(request, reply, { offset: list.next });
      return list;
    },
  );
};
