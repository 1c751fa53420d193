import { createForecaster, gridSecondsFor, modelOptionsFor, replay } from '../../../forecast/index.ts';
import { asComplete } from '../../../history/source.ts';
import { formatDuration } from '../../../platform/duration.ts';
import { ForescaleError, invalidField } from '../../../platform/errors.ts';
import { toForecastJson } from '../../answers/forecast-json.ts';
import { eventsWithin } from '../../calendars/known-event.ts';
import { answers, NoParameters, validatorCompiler } from '../../instance.ts';
import { AdHocForecastSchema } from '../../schemas/forecast.ts';
import { horizonStepsWithin, secondsOf } from '../parameters.ts';
import type { Route, RouteContext } from '../route.ts';
import { forClient } from './for-client.ts';
import { AdHocRequest, CheckedAdHocRequest } from './forecast-request.ts';
import { eventsFor, historyOf, refuseUnknownZone, seasonsOf, usualRangeSeconds } from './source-request.ts';

/** How far ahead is forecast where the request does not say it, as of `forescale forecast`. */
const usualHorizonSeconds = 86_400;

/** `POST /api/v1/forecasts`: learns a history that is sent or queried, once, and forecasts it. Nothing of it is kept. */
export const createForecastRoute: Route = (app, context) => {
  const { guard, limits } = context;
  const tooLong = `the forecast took longer than ${formatDuration(limits.adHocTimeoutMs / 1000)}; ask for a shorter range or a coarser step`;
  let running = 0;
  app.post(
    '/api/v1/forecasts',
    {
      bodyLimit: limits.bodyBytes,
      onRequest: guard,
      validatorCompiler: (part) =>
        validatorCompiler(part.httpPart === 'body' ? { ...part, schema: CheckedAdHocRequest } : part),
      schema: {
        operationId: 'createForecast',
        summary: 'Forecast of a query, or of data sent along',
        description:
          'Give either `query` (with `address`, `range`) or `data`; with `workload` the events of its calendars count. Needs the API token.',
        tags: ['forecasts'],
        security: [{ token: [] }],
        querystring: NoParameters,
        body: AdHocRequest,
        response: answers(AdHocForecastSchema),
      },
    },
    async ({ body }, reply) => {
      if (running >= limits.adHocAtOnce) {
        throw new ForescaleError(
          'limit-reached',
          `${running} ad-hoc forecasts are being made, as many as this server makes at once; try again in some seconds`,
        );
      }
      running += 1;
      try {
        return await forClient(reply, limits.adHocTimeoutMs, {
          work: (signal) => forecastOnce(body, context, signal),
          tooLong: () => new ForescaleError('source-timeout', tooLong),
        });
      } finally {
        running -= 1;
      }
    },
  );
};

async function forecastOnce(request: AdHocRequest, context: RouteContext, signal: AbortSignal) {
  const { limits } = context;
  const { data, range, timeZone } = request;
  refuseUnknownZone(request);
  if (data !== undefined && range !== undefined)
    throw invalidField('range', 'range goes with query, not with data');
  const history = await historyOf(request, secondsOf(range, usualRangeSeconds), context, signal);
  const { stepSeconds } = history;
  const horizonSeconds = secondsOf(request.horizon, usualHorizonSeconds);
  const seasonsSeconds = seasonsOf(request, stepSeconds, limits.seasonSteps);
  // Both are checked before a forecaster is made, which has room for every step of its horizon and its seasons.
  const gridSeconds = gridSecondsFor(stepSeconds, seasonsSeconds[0]);
  const horizonSteps = horizonStepsWithin(horizonSeconds, gridSeconds, limits.forecastPoints);
  const model = modelOptionsFor({ seasonsSeconds, timeZone }, horizonSeconds);
  const events = eventsFor(request, context);
  const forecaster = createForecaster({ stepSeconds, ...model, events });
  await replay(forecaster, asComplete(history), { signal });
  const result = forecaster.forecast({ horizonSteps, quantiles: request.quantiles });
  const lastSeconds = forecaster.newestSeconds + horizonSeconds;
  return {
    ...toForecastJson(result, gridSeconds),
    ...(events && { events: eventsWithin(events, history.timestamps[0] ?? 0, lastSeconds) }),
    warnings: history.warnings,
  };
}
