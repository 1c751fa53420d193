import { Type } from 'typebox';
import { toDecisionsJson } from '../answers/recorded-answer.ts';
import { answers } from '../instance.ts';
import { decisionRows } from '../rows/decision-rows.ts';
import { rowTypes } from '../rows/format.ts';
import { asWanted } from '../rows/written-rows.ts';
import { DecisionsSchema } from '../schemas/decisions.ts';
import { findRecorded, recordOf, WorkloadPath, workloadQuery } from './find-workload.ts';
import { linkNext } from './next-page.ts';
import { Duration, Moment, secondsOf, spanOf, TimeZoneName } from './parameters.ts';
import type { Route } from './route.ts';

const defaultRangeSeconds = 3_600;

/** `GET /api/v1/workloads/{namespace}/{name}/decisions`: what was served, from the record. */
export const listDecisionsRoute: Route = (app, context) => {
  const { clock, limits } = context;
  app.get(
    '/api/v1/workloads/:namespace/:name/decisions',
    {
      schema: {
        operationId: 'listDecisions',
        summary: 'Decisions that were served, what they were made of, and what came',
        description:
          'Every decision of the last hour, or of the span asked for; with `step`, the one in force at each whole multiple of it. Decisions are kept for 30 days. Where `next` is not null, ask again with it as `from`; the header Link says the same.',
        tags: ['workloads'],
        produces: rowTypes,
        params: WorkloadPath,
        querystring: workloadQuery({
          from: Type.Optional(Moment('start')),
          to: Type.Optional(Moment('end (default: now)')),
          range: Type.Optional(Duration('length before the end, instead of `from` (default 1h)')),
          step: Type.Optional(Duration('distance of the moments (default: every decision)')),
          timeZone: Type.Optional(TimeZoneName),
          limit: Type.Integer({
            description: 'most decisions of the answer',
            minimum: 1,
            maximum: limits.decisionsPerPage,
            default: 500,
          }),
        }),
        response: answers(DecisionsSchema),
      },
    },
    async (request, reply) => {
      const { params, query } = request;
      const record = recordOf(context.record);
      const span = spanOf(query, clock(), defaultRangeSeconds);
      const key = await findRecorded({ ...context, record }, params, query.trigger);
      const stepSeconds = query.step === undefined ? undefined : secondsOf(query.step, 0);
      const { from: fromSeconds, to: toSeconds } = span;
      const asked = { fromSeconds, toSeconds, stepSeconds, limit: query.limit };
      const answer = toDecisionsJson(key, await record.read(key, asked), { ...span, stepSeconds });
      if (answer.next !== null)
        linkNext(request, reply, { from: answer.next, to: span.to, range: undefined });
      return asWanted(request, reply, answer, {
        rowsOf: decisionRows,
        timeZone: query.timeZone,
        mostCharacters: limits.answerBytes,
      });
    },
  );
};
