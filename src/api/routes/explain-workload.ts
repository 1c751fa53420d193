import { Type } from 'typebox';
import type { RecordAnswer, RecordKey, WorkloadView } from '../../forecast/index.ts';
import { ForescaleError, invalidField } from '../../platform/errors.ts';
import { formatMoment } from '../../platform/moment.ts';
import { type ExplanationWish, toExplanation } from '../answers/explanation-answer.ts';
import { toRecordedExplanation } from '../answers/recorded-answer.ts';
import { answers } from '../instance.ts';
import type { ApiLimits } from '../limits.ts';
import { ExplanationSchema } from '../schemas/explanation.ts';
import { RecordedExplanationSchema } from '../schemas/recorded-explanation.ts';
import { findRecorded, findWorkload, recordOf, WorkloadPath, workloadQuery } from './find-workload.ts';
import { Duration, horizonStepsWithin, Moment, momentOf, secondsOf } from './parameters.ts';
import type { Route, RouteContext } from './route.ts';

const daySeconds = 86_400;

/** `GET /api/v1/workloads/{namespace}/{name}/explain`: "why 12 replicas at 08:55?", from memory. */
export const explainWorkloadRoute: Route = (app, context) => {
  const { directory, limits, serverMode } = context;
  app.get(
    '/api/v1/workloads/:namespace/:name/explain',
    {
      schema: {
        operationId: 'explainWorkload',
        summary: 'Why KEDA is told its value: the decision, and the parts of the forecast behind it',
        description:
          'Explains the bound that the last decision was made with. `horizon` or `window` and `quantile` ask for the parts of another forecast instead. `at` asks for the decision that was served at a moment of the last 30 days.',
        tags: ['workloads'],
        params: WorkloadPath,
        querystring: workloadQuery({
          at: Type.Optional(
            Moment(
              'explain what KEDA was told then, from the record; without `horizon`, `window` and `quantile`',
            ),
          ),
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
        response: answers(
          Type.Union([ExplanationSchema, RecordedExplanationSchema], {
            description: 'Why KEDA is told its value; with `at` what was told then.',
          }),
        ),
      },
    },
    async ({ params, query }) => {
      const { at, trigger } = query;
      if (at !== undefined) {
        refuseOthers(query);
        return explainRecorded(context, params, trigger, momentOf('at', at, context.clock()));
      }
      const workload = findWorkload(directory, params, query.trigger);
      return toExplanation(workload, serverMode(), wishOf(query, workload, limits));
    },
  );
};

/** Parameters about the forecast of now say nothing about a decision of the past. */
function refuseOthers(query: Readonly<Record<string, unknown>>): void {
  const other = ['horizon', 'window', 'quantile'].find((name) => query[name] !== undefined);
  if (other === undefined) return;
  throw invalidField(
    other,
    `${other} and at exclude each other: explain a forecast of now, or a past decision`,
  );
}

/** The clocks of who asks and of this server differ by some seconds. */
const skewSeconds = 5;

async function explainRecorded(
  context: RouteContext,
  path: { readonly namespace: string; readonly name: string },
  trigger: string | undefined,
  atSeconds: number,
) {
  const record = recordOf(context.record);
  const nowSeconds = context.clock();
  const key = await findRecorded({ ...context, record }, path, trigger);
  const answer = await record.at(key, Math.min(atSeconds, nowSeconds));
  const [row] = answer.rows;
  const isToCome = atSeconds > nowSeconds + skewSeconds;
  if (row === undefined || isToCome) throw notOnRecord(key, atSeconds, answer, isToCome);
  return toRecordedExplanation(key, answer, row);
}

function notOnRecord(
  { namespace, name }: RecordKey,
  atSeconds: number,
  { oldestSeconds }: RecordAnswer,
  isToCome: boolean,
): ForescaleError {
  const why = isToCome
    ? 'it is to come; ask for its forecast'
    : oldestSeconds === undefined || atSeconds < oldestSeconds
      ? `the record begins ${oldestSeconds === undefined ? 'with the next one' : `at ${formatMoment(oldestSeconds)}`}`
      : 'the server did not run then, or did not know the workload';
  return new ForescaleError(
    'not-on-record',
    `${namespace}/${name}: no decision is on record for ${formatMoment(atSeconds)}: ${why}`,
  );
}

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
