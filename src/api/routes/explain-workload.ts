import { Type } from 'typebox';
import type { WorkloadView } from '../../forecast/index.ts';
import { invalidField } from '../../platform/errors.ts';
import { type ExplanationWish, toExplanation } from '../answers/explanation-answer.ts';
import { answers } from '../instance.ts';
import type { ApiLimits } from '../limits.ts';
import { ExplanationSchema } from '../schemas.ts';
import { findWorkload, WorkloadPath, workloadQuery } from './find-workload.ts';
import { Duration, horizonStepsWithin, secondsOf } from './parameters.ts';
import type { Route } from './route.ts';

const daySeconds = 86_400;

/** `GET /api/v1/workloads/{namespace}/{name}/explain`: "why 12 replicas at 08:55?", from memory. */
export const explainWorkloadRoute: Route = (app, { directory, limits, serverMode }) => {
  app.get(
    '/api/v1/workloads/:namespace/:name/explain',
    {
      schema: {
        operationId: 'explainWorkload',
        summary: 'Why KEDA is told its value: the decision, and the parts of the forecast behind it',
        description:
          'Explains the bound that the last decision was made with. `horizon` or `window` and `quantile` ask for the parts of another forecast instead.',
        tags: ['workloads'],
        params: WorkloadPath,
        querystring: workloadQuery({
          horizon: Type.Optional(Duration('explain the forecast for the moment this far ahead')),
          window: Type.Optional(
            Duration('explain the bound of the peak within this window (default: the decision window)', {
              maximumSeconds: daySeconds,
            }),
          ),
          quantile: Type.Optional(
            Type.Number({
              description: 'which bound (default: the level that the decision asks for)',
              exclusiveMinimum: 0,
              exclusiveMaximum: 1,
            }),
          ),
        }),
        response: answers(ExplanationSchema),
      },
    },
    ({ params, query }) => {
      const workload = findWorkload(directory, params, query.trigger);
      return toExplanation(workload, serverMode(), wishOf(query, workload, limits));
    },
  );
};

function wishOf(
  query: { readonly horizon?: string; readonly window?: string; readonly quantile?: number },
  { model }: WorkloadView,
  limits: ApiLimits,
): ExplanationWish {
  const { horizon, window, quantile } = query;
  if (window === undefined) {
    if (horizon === undefined) return { of: undefined, quantile };
    const horizonSeconds = secondsOf(horizon, 0);
    const horizonSteps = horizonStepsWithin(horizonSeconds, model.gridSeconds, limits.forecastPoints);
    return { of: { horizonSteps }, quantile };
  }
  if (horizon !== undefined) {
    throw invalidField(
      'window',
      'horizon and window exclude each other: explain a moment, or the peak until then',
    );
  }
  return { of: { windowSeconds: secondsOf(window, 0) }, quantile };
}
