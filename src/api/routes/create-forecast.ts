import { createForecaster, gridSecondsFor, modelOptionsFor, replay } from '../../forecast/index.ts';
import { asComplete, type History } from '../../history/source.ts';
import { within } from '../../platform/deadline.ts';
import { formatDuration } from '../../platform/duration.ts';
import { ForescaleError, invalidField } from '../../platform/errors.ts';
import { timeZone as knownTimeZone } from '../../platform/time-zone.ts';
import { toForecastJson } from '../answers/forecast-json.ts';
import { answers, NoParameters, validatorCompiler } from '../instance.ts';
import { AdHocForecastSchema } from '../schemas.ts';
import { AdHocRequest, CheckedAdHocRequest, seasonsOf } from './forecast-request.ts';
import { inlineHistory } from './inline-history.ts';
import { horizonStepsWithin, secondsOf } from './parameters.ts';
import type { Route, RouteContext } from './route.ts';

const defaultRangeSeconds = 28 * 86_400;

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
        description: 'Give either `query` (with `address`, `range`) or `data`. Needs the API token.',
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
      const gone = new AbortController();
      const onGone = () => gone.abort(new ForescaleError('limit-reached', 'the client has gone'));
      reply.raw.once('close', onGone);
      try {
        // The request ends in time even where a source or the replay does not heed the signal.
        return await within(limits.adHocTimeoutMs, (signal) => forecastOnce(body, context, signal), {
          signal: gone.signal,
          error: () => new ForescaleError('source-timeout', tooLong),
        });
      } finally {
        reply.raw.off('close', onGone);
        running -= 1;
      }
    },
  );
};

async function forecastOnce(request: AdHocRequest, context: RouteContext, signal: AbortSignal) {
  const { limits } = context;
  const { timeZone } = request;
  if (timeZone !== undefined && knownTimeZone.parse(timeZone) !== timeZone) {
    throw invalidField('timeZone', `timeZone: "${timeZone}" must be ${knownTimeZone.allowed}`);
  }
  const history = await historyOf(request, context, signal);
  const { stepSeconds } = history;
  const horizonSeconds = secondsOf(request.horizon, 0);
  const seasonsSeconds = seasonsOf(request, stepSeconds, limits.seasonSteps);
  // Both are checked before a forecaster is made, which has room for every step of its horizon and its seasons.
  const gridSeconds = gridSecondsFor(stepSeconds, seasonsSeconds[0]);
  const horizonSteps = horizonStepsWithin(horizonSeconds, gridSeconds, limits.forecastPoints);
  const model = modelOptionsFor({ seasonsSeconds, timeZone }, horizonSeconds);
  const forecaster = createForecaster({ stepSeconds, ...model });
  await replay(forecaster, asComplete(history), { signal });
  const result = forecaster.forecast({ horizonSteps, quantiles: request.quantiles });
  return { ...toForecastJson(result, gridSeconds), warnings: history.warnings };
}

/** The history that the request sends along, or reads by its query. */
async function historyOf(
  request: AdHocRequest,
  { adHoc, limits }: RouteContext,
  signal: AbortSignal,
): Promise<History> {
  const { query, data, address, range } = request;
  const stepSeconds = request.step === undefined ? undefined : secondsOf(request.step, 0);
  if ((query === undefined) === (data === undefined)) {
    throw invalidField('query', 'give either query or data: the history is read, or sent along');
  }
  if (data !== undefined) {
    if (address !== undefined) throw invalidField('address', 'address goes with query, not with data');
    if (range !== undefined) throw invalidField('range', 'range goes with query, not with data');
    return inlineHistory(data, { stepSeconds, maxRows: limits.historyRows, signal });
  }
  const rangeSeconds = secondsOf(range, defaultRangeSeconds);
  if (stepSeconds !== undefined && rangeSeconds / stepSeconds > limits.historyRows) {
    throw new ForescaleError(
      'too-large',
      `${formatDuration(rangeSeconds)} at a step of ${formatDuration(stepSeconds)} is more than ${limits.historyRows} rows; ask for a shorter range or a coarser step`,
    );
  }
  return adHoc.history({ query: query ?? '', address, rangeSeconds, stepSeconds }, signal);
}
