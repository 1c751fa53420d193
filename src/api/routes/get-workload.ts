import { toStatus } from '../answers/workload-answers.ts';
import { answers } from '../instance.ts';
import { WorkloadStatusSchema } from '../schemas/workload.ts';
import { findWorkload, WorkloadPath, workloadQuery } from './find-workload.ts';
import type { Route } from './route.ts';

/** `GET /api/v1/workloads/{namespace}/{name}`: the decision and everything it rests on, from memory. */
export const getWorkloadRoute: Route = (app, { clock, directory, serverMode }) => {
  app.get(
    '/api/v1/workloads/:namespace/:name',
    {
      schema: {
        operationId: 'getWorkload',
        summary: 'What KEDA is told for a workload, and why',
        tags: ['workloads'],
        params: WorkloadPath,
        querystring: workloadQuery({}),
        response: answers(WorkloadStatusSchema),
      },
    },
    ({ params, query }) => toStatus(findWorkload(directory, params, query.trigger), serverMode(), clock()),
  );
};
