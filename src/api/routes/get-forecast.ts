import type { FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import type { WorkloadView } from '../../forecast/index.ts';
import { createKeptAnswers, type KeptAnswer } from '../forecasts/kept-answers.ts';
import { createPastForecasts } from '../forecasts/past-forecasts.ts';
import { type AskedForecast, forecastRows, toWorkloadForecast } from '../forecasts/workload-forecast.ts';
import { answers } from '../instance.ts';
import { contentTypes, formatOf, type RowFormat, rowTypes } from '../rows/format.ts';
import { writtenRows } from '../rows/written-rows.ts';
import { ForecastSchema } from '../schemas/forecast.ts';
import { findWorkload, WorkloadPath, workloadQuery } from './find-workload.ts';
import * as parameters from './parameters.ts';
import type { Route } from './route.ts';

const ForecastQuery = workloadQuery({
  at: Type.Optional(parameters.Moment('the forecast as of then, or its points after it (default: now)')),
  horizon: Type.Optional(parameters.Duration('how far ahead (default: the trigger’s horizon)')),
  quantiles: Type.Optional(parameters.QuantilesText),
  timeZone: Type.Optional(parameters.TimeZoneName),
});

/** `GET /api/v1/workloads/{namespace}/{name}/forecast`: median, quantiles and replicas for each step ahead, from memory. */
export const getForecastRoute: Route = (app, context) => {
  const { directory, limits, clock } = context;
  const kept = createKeptAnswers(limits.keptCharacters);
  const pastForecast = createPastForecasts(context);
  app.get(
    '/api/v1/workloads/:namespace/:name/forecast',
    {
      schema: {
        operationId: 'getForecast',
        summary: 'Forecast of a workload’s demand, and the replicas that carry it',
        description:
          'The newest forecast, from memory. With `at` in the future: its points after that moment. With `at` in the past: the forecast as of then, made again from what is remembered, beside what came; that costs up to a second of a core and needs the API token.',
        tags: ['workloads'],
        produces: rowTypes,
        params: WorkloadPath,
        querystring: ForecastQuery,
        response: answers(ForecastSchema),
      },
    },
    async (request, reply) => {
      const { params, query, headers, url } = request;
      const workload = findWorkload(directory, params, query.trigger);
      const format = formatOf(headers.accept);
      // What is relative to now is another answer a second later.
      const key = query.at === undefined ? `${format} ${url}` : undefined;
      const known = key === undefined ? undefined : kept.find(key, workload);
      if (known !== undefined) return sendKept(reply, known, format, secondsLeft(workload, clock())) as never;

      const asked = askedOf(query, workload, clock());
      const wanted = wantedOf(query, workload, asked, limits.forecastPoints);
      const result = asked.isPast
        ? await pastForecast(request, reply, workload, { ...wanted, atSeconds: asked.atSeconds ?? 0 })
        : workload.model.forecast(wanted);
      const answer = toWorkloadForecast(workload, result, asked);
      const body =
        format === 'json'
          ? JSON.stringify(answer)
          : await writtenRows(forecastRows(answer), format, query.timeZone, limits.answerBytes);
      if (key === undefined || result.status !== 'ok')
        return withType(reply, format).send(body as never) as never;
      const written = kept.keep(key, workload, body);
      return sendKept(reply, written, format, secondsLeft(workload, clock())) as never;
    },
  );
};

/** A moment before the newest step of the grid is past; after it the newest forecast tells. */
function askedOf(
  { at }: Static<typeof ForecastQuery>,
  { model }: WorkloadView,
  nowSeconds: number,
): AskedForecast {
  if (at === undefined) return { atSeconds: undefined, isPast: false };
  const atSeconds = parameters.momentOf('at', at, nowSeconds);
  return { atSeconds, isPast: atSeconds < model.newestSeconds() - model.gridSeconds };
}

/** What to ask of the model: as many steps as reach from its newest row to the end of what is asked for. */
function wantedOf(
  { horizon, quantiles }: Static<typeof ForecastQuery>,
  { model, horizonSeconds }: WorkloadView,
  { atSeconds, isPast }: AskedForecast,
  mostSteps: number,
) {
  const { gridSeconds } = model;
  const asked = parameters.secondsOf(horizon, horizonSeconds);
  const newest = model.newestSeconds();
  const until = Number.isFinite(newest) ? Math.floor(newest / gridSeconds) * gridSeconds : 0;
  const ahead = atSeconds === undefined || isPast || until === 0 ? 0 : Math.max(0, atSeconds - until);
  return {
    horizonSteps: parameters.horizonStepsWithin(ahead + asked, gridSeconds, mostSteps),
    quantiles: quantiles === undefined ? undefined : parameters.quantilesOf(quantiles),
  };
}

/** How long an answer holds: until the next row may be learned, which is a step old then. */
function secondsLeft({ model }: WorkloadView, nowSeconds: number): number {
  return Math.max(0, Math.floor(model.newestSeconds() + 2 * model.stepSeconds - nowSeconds));
}

function sendKept(
  reply: FastifyReply,
  { body, etag }: KeptAnswer,
  format: RowFormat,
  secondsLeft: number,
): FastifyReply {
  const holds = secondsLeft > 0 ? `max-age=${secondsLeft}` : 'no-cache';
  return withType(reply, format)
    .headers({ etag, 'cache-control': `private, ${holds}` })
    .send(body);
}

function withType(reply: FastifyReply, format: RowFormat): FastifyReply {
  return reply.type(contentTypes[format]).header('vary', 'accept');
}
