import { Type } from 'typebox';
import { formatDuration } from '../../platform/duration.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { parseMoment } from '../../platform/moment.ts';
import { toForecastJson } from '../answers/forecast-json.ts';
import { toAccuracy, toHistory, toListItem, toStatus } from '../answers/workload-answers.ts';
import { type ApiInstance, answers } from '../instance.ts';
import type { ApiLimits } from '../limits.ts';
import type { ApiOptions, ServerMode } from '../ports.ts';
import {
  AccuracySchema,
  ForecastSchema,
  HistorySchema,
  WorkloadListSchema,
  WorkloadStatusSchema,
} from '../schemas.ts';
import { horizonStepsWithin } from './horizon.ts';
import { Duration, Moment, QuantilesText, quantilesOf, secondsOf } from './parameters.ts';
import { findWorkload, trigger, WorkloadPath } from './workload-path.ts';

const closed = { additionalProperties: false } as const;
const tags = ['workloads'];
const yearSeconds = 366 * 86_400;
const defaultHistorySeconds = 86_400;

/** `GET /api/v1/workloads…`: what is known of each workload, all of it from memory. */
export function registerWorkloadRoutes(
  app: ApiInstance,
  { directory, clock, limits }: Pick<ApiOptions, 'directory' | 'clock'> & { readonly limits: ApiLimits },
  serverMode: () => ServerMode,
): void {
  app.get(
    '/api/v1/workloads',
    {
      schema: {
        operationId: 'listWorkloads',
        summary: 'Workloads and how they stand',
        tags,
        querystring: Type.Object(
          {
            namespace: Type.Optional(Type.String({ description: 'only of this namespace', maxLength: 253 })),
            limit: Type.Integer({ minimum: 1, maximum: limits.workloadsPerPage, default: 100 }),
            offset: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 }),
          },
          closed,
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

  app.get(
    '/api/v1/workloads/:namespace/:name',
    {
      schema: {
        operationId: 'getWorkload',
        summary: 'What KEDA is told for a workload, and why',
        tags,
        params: WorkloadPath,
        querystring: Type.Object({ trigger }, closed),
        response: answers(WorkloadStatusSchema),
      },
    },
    ({ params, query }) => toStatus(findWorkload(directory, params, query.trigger), serverMode()),
  );

  app.get(
    '/api/v1/workloads/:namespace/:name/forecast',
    {
      schema: {
        operationId: 'getForecast',
        summary: 'Forecast of a workload’s demand',
        tags,
        params: WorkloadPath,
        querystring: Type.Object(
          {
            trigger,
            horizon: Type.Optional(
              Duration({
                description: 'how far ahead (default: the trigger’s horizon)',
                minimumSeconds: 1,
                maximumSeconds: yearSeconds,
              }),
            ),
            quantiles: Type.Optional(QuantilesText),
          },
          closed,
        ),
        response: answers(ForecastSchema),
      },
    },
    ({ params, query }) => {
      const { model, horizonSeconds } = findWorkload(directory, params, query.trigger);
      const horizonSteps = horizonStepsWithin(
        secondsOf(query.horizon, horizonSeconds),
        model.gridSeconds,
        limits.forecastPoints,
      );
      const quantiles = query.quantiles === undefined ? undefined : quantilesOf(query.quantiles);
      const result = model.forecast({ horizonSteps, quantiles });
      return toForecastJson(result, model.gridSeconds);
    },
  );

  app.get(
    '/api/v1/workloads/:namespace/:name/history',
    {
      schema: {
        operationId: 'getHistory',
        summary: 'Demand observed, on the model’s grid',
        tags,
        params: WorkloadPath,
        querystring: Type.Object(
          {
            trigger,
            from: Type.Optional(Moment('start')),
            to: Type.Optional(Moment('end (default: now)')),
            range: Type.Optional(
              Duration({
                description: 'length before the end, instead of `from` (default 24h)',
                minimumSeconds: 1,
                maximumSeconds: yearSeconds,
              }),
            ),
          },
          closed,
        ),
        response: answers(HistorySchema),
      },
    },
    ({ params, query }) => {
      const workload = findWorkload(directory, params, query.trigger);
      const { from, to } = historySpan(query, clock());
      const rows = (to - from) / workload.model.gridSeconds;
      if (rows > limits.historyRows) {
        throw new ForescaleError(
          'too-large',
          `${formatDuration(to - from)} at a step of ${formatDuration(workload.model.gridSeconds)} is more than ${limits.historyRows} rows; ask for a shorter range`,
        );
      }
      return toHistory(workload, from, to);
    },
  );

  app.get(
    '/api/v1/workloads/:namespace/:name/accuracy',
    {
      schema: {
        operationId: 'getAccuracy',
        summary: 'How good the forecasts of a workload have lately been, by horizon',
        tags,
        params: WorkloadPath,
        querystring: Type.Object({ trigger }, closed),
        response: answers(AccuracySchema),
      },
    },
    ({ params, query }) => toAccuracy(findWorkload(directory, params, query.trigger)),
  );
}

function historySpan(
  query: { readonly from?: string; readonly to?: string; readonly range?: string },
  nowSeconds: number,
): { readonly from: number; readonly to: number } {
  if (query.from !== undefined && query.range !== undefined) {
    const message = 'from and range exclude each other; give one of them';
    throw new ForescaleError('invalid-argument', message, { fieldErrors: [{ field: 'range', message }] });
  }
  const to = (query.to === undefined ? undefined : parseMoment(query.to)) ?? nowSeconds;
  const start = query.from === undefined ? undefined : parseMoment(query.from);
  const from = start ?? Math.max(0, to - secondsOf(query.range, defaultHistorySeconds));
  if (from >= to) {
    const message = `from (${from}) must be before to (${to})`;
    throw new ForescaleError('invalid-argument', message, { fieldErrors: [{ field: 'from', message }] });
  }
  return { from, to };
}
