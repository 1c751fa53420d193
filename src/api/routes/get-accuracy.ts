import { toAccuracy } from '../answers/workload-answers.ts';
import { answers } from '../instance.ts';
import { AccuracySchema } from '../schemas/accuracy.ts';
import { findWorkload, WorkloadPath, workloadQuery } from './find-workload.ts';
import type { Route } from './route.ts';

/** `GET /api/v1/workloads/{namespace}/{name}/accuracy`: errors and coverage by horizon, from memory. */
export const getAccuracyRoute: Route = (app, { directory }) => {
  app.get(
    '/api/v1/workloads/:namespace/:name/accuracy',
    {
      schema: {
        operationId: 'getAccuracy',
        summary: 'Recent accuracy of a workload’s forecasts, by horizon',
        tags: ['workloads'],
        params: WorkloadPath,
        querystring: workloadQuery({}),
        response: answers(AccuracySchema),
      },
    },
    ({ params, query }) => toAccuracy(findWorkload(directory, params, query.trigger)),
  );
};
