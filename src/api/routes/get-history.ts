import { Type } from 'typebox';
import { formatDuration } from '../../platform/duration.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { toHistory } from '../answers/workload-answers.ts';
import { answers } from '../instance.ts';
import { rowTypes } from '../rows/format.ts';
import { historyRows } from '../rows/history-rows.ts';
import { asWanted } from '../rows/written-rows.ts';
import { HistorySchema } from '../schemas/history.ts';
import { findWorkload, WorkloadPath, workloadQuery } from './find-workload.ts';
import { Duration, Moment, spanOf, TimeZoneName } from './parameters.ts';
import type { Route } from './route.ts';

const defaultRangeSeconds = 86_400;

/** `GET /api/v1/workloads/{namespace}/{name}/history`: the demand that the model remembers. */
export const getHistoryRoute: Route = (app, { directory, clock, limits }) => {
  app.get(
    '/api/v1/workloads/:namespace/:name/history',
    {
      schema: {
        operationId: 'getHistory',
        summary: 'Demand observed, on the model’s grid',
        tags: ['workloads'],
        produces: rowTypes,
        params: WorkloadPath,
        querystring: workloadQuery({
          from: Type.Optional(Moment('start')),
          to: Type.Optional(Moment('end (default: now)')),
          range: Type.Optional(Duration('length before the end, instead of `from` (default 24h)')),
          timeZone: Type.Optional(TimeZoneName),
        }),
        response: answers(HistorySchema),
      },
    },
    (request, reply) => {
      const { params, query } = request;
      const workload = findWorkload(directory, params, query.trigger);
      const { gridSeconds } = workload.model;
      const { from, to } = spanOf(query, clock(), defaultRangeSeconds);
      if ((to - from) / gridSeconds > limits.historyRows) {
        throw new ForescaleError(
          'too-large',
          `${formatDuration(to - from)} at a step of ${formatDuration(gridSeconds)} is more than ${limits.historyRows} rows; ask for a shorter range`,
        );
      }
      return asWanted(request, reply, toHistory(workload, from, to), {
        rowsOf: historyRows,
        timeZone: query.timeZone,
        mostCharacters: limits.answerBytes,
      });
    },
  );
};
