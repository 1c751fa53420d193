import { toOutcomeJson } from '../answers/outcome-answer.ts';
import { answers } from '../instance.ts';
import { OutcomeSchema } from '../schemas/outcome.ts';
import { findWorkload, WorkloadPath, workloadQuery } from './find-workload.ts';
import type { Route } from './route.ts';

/** `GET /api/v1/workloads/{namespace}/{name}/outcome`: the achieved service beside the reactive rule, from memory. */
export const getOutcomeRoute: Route = (app, { directory, serverMode, clock }) => {
  app.get(
    '/api/v1/workloads/:namespace/:name/outcome',
    {
      schema: {
        operationId: 'getOutcome',
        summary: 'What was achieved lately, what the reactive rule would have achieved, and advice',
        description:
          'Every row of the history is played through the decision of mode active, the HPA and the start-up of replicas, and beside it through an HPA with the same target on the observed demand. `status` is `learning` until a forecast could be played.',
        tags: ['workloads'],
        params: WorkloadPath,
        querystring: workloadQuery({}),
        response: answers(OutcomeSchema),
      },
    },
    ({ params, query }) =>
      toOutcomeJson(findWorkload(directory, params, query.trigger), serverMode(), clock()),
  );
};
