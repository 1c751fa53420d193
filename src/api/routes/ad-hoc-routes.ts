import { type Static, type TSchema, Type } from 'typebox';
import {
  createForecaster,
  fewestSeasonSteps,
  gridSecondsFor,
  isTimeZone,
  maxHorizonFor,
} from '../../forecast/core/index.ts';
import { replay } from '../../forecast/replay.ts';
import type { History } from '../../history/source.ts';
import { within } from '../../platform/deadline.ts';
import { formatDuration } from '../../platform/duration.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { toForecastJson } from '../answers/forecast-json.ts';
import { type ApiInstance, answers, NoParameters, validatorCompiler } from '../instance.ts';
import { type ApiLimits, finestStepSeconds } from '../limits.ts';
import type { AdHocForecaster } from '../ports.ts';
import { AdHocForecastSchema } from '../schemas.ts';
import type { TokenGuard } from '../token.ts';
import { horizonStepsWithin } from './horizon.ts';
import { InlineColumns, InlineData, inlineHistory } from './inline-data.ts';
import { Duration, Quantiles, secondsOf } from './parameters.ts';

const daySeconds = 86_400;
const defaultRangeSeconds = 28 * daySeconds;

const adHocRequest = <D extends TSchema>(data: D) =>
  Type.Object(
    {
      query: Type.Optional(
        Type.String({ description: 'PromQL that gives one series', minLength: 1, maxLength: 8192 }),
      ),
      address: Type.Optional(
        Type.String({ description: 'an allow-listed Prometheus or a profile’s name', maxLength: 2048 }),
      ),
      range: Type.Optional(
        Duration({
          description: 'history to read (default 28d)',
          minimumSeconds: 60,
          maximumSeconds: 366 * daySeconds,
        }),
      ),
      data: Type.Optional(data),
      step: Type.Optional(
        Duration({
          description: 'distance of the rows (default: suits the range, or the data’s own)',
          minimumSeconds: finestStepSeconds,
          maximumSeconds: 7 * daySeconds,
        }),
      ),
      seasons: Type.Optional(
        Type.Array(
          Duration({
            description: 'a season’s length',
            minimumSeconds: fewestSeasonSteps * finestStepSeconds,
            maximumSeconds: 28 * daySeconds,
          }),
          {
            description: 'shortest first, each at least 20 steps (default 1d and 7d, as far as they are)',
            minItems: 1,
            maxItems: 2,
          },
        ),
      ),
      timeZone: Type.Optional(
        Type.String({
          description: 'IANA time zone whose clocks days and weeks follow (default UTC)',
          examples: ['Europe/Berlin'],
          maxLength: 64,
        }),
      ),
      horizon: Duration({
        description: 'how far ahead',
        minimumSeconds: 1,
        maximumSeconds: 366 * daySeconds,
      }),
      quantiles: Type.Optional(Quantiles),
    },
    { additionalProperties: false },
  );
const AdHocRequest = adHocRequest(InlineData);
type AdHocRequest = Static<typeof AdHocRequest>;
const CheckedAdHocRequest = adHocRequest(InlineColumns);

interface AdHocParts {
  readonly adHoc: AdHocForecaster;
  readonly guard: TokenGuard;
  readonly limits: ApiLimits;
}

/** `POST /api/v1/forecasts`: learns a history sent or queried, once, and forecasts it. Nothing of it is kept. */
export function registerAdHocRoutes(app: ApiInstance, { adHoc, guard, limits }: AdHocParts): void {
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
        // A source or a replay that does not heed its signal must not hold the request.
        return await within(limits.adHocTimeoutMs, (signal) => forecastOnce(body, signal), {
          signal: gone.signal,
          error: () => timedOut(limits.adHocTimeoutMs),
        });
      } finally {
        reply.raw.off('close', onGone);
        running -= 1;
      }
    },
  );

  async function forecastOnce(request: AdHocRequest, signal: AbortSignal) {
    const { timeZone } = request;
    if (timeZone !== undefined && !isTimeZone(timeZone)) {
      throw wrongField('timeZone', `timeZone: "${timeZone}" must be an IANA time zone such as Europe/Berlin`);
    }
    const history = await historyOf(request, signal);
    const { stepSeconds } = history;
    const horizonSeconds = secondsOf(request.horizon, 0);
    const seasonsSeconds = seasonsOf(request, stepSeconds, limits.seasonSteps);
    // Before anything is made of them: a forecaster has room for every step of its horizon and its seasons.
    const gridSeconds = gridSecondsFor(stepSeconds, seasonsSeconds[0]);
    const horizonSteps = horizonStepsWithin(horizonSeconds, gridSeconds, limits.forecastPoints);
    const maxHorizonSeconds = maxHorizonFor(horizonSeconds, seasonsSeconds);
    const forecaster = createForecaster({ stepSeconds, seasonsSeconds, maxHorizonSeconds, timeZone });
    await replay(forecaster, history, { signal });
    const result = forecaster.forecast({ horizonSteps, quantiles: request.quantiles });
    return { ...toForecastJson(result, gridSeconds), warnings: history.warnings };
  }

  async function historyOf(request: AdHocRequest, signal: AbortSignal): Promise<History> {
    const { query, data, address, range } = request;
    const stepSeconds = request.step === undefined ? undefined : secondsOf(request.step, 0);
    if ((query === undefined) === (data === undefined)) {
      throw wrongField('query', 'give either query or data: the history is read, or sent along');
    }
    if (data !== undefined) {
      if (address !== undefined) throw wrongField('address', 'address goes with query, not with data');
      if (range !== undefined) throw wrongField('range', 'range goes with query, not with data');
      return inlineHistory(data, { stepSeconds, maxRows: limits.historyRows, signal });
    }
    const rangeSeconds = secondsOf(range, defaultRangeSeconds);
    if (stepSeconds !== undefined && rangeSeconds / stepSeconds > limits.historyRows) {
      throw new ForescaleError(
        'too-large',
        `${formatDuration(rangeSeconds)} at a step of ${formatDuration(stepSeconds)} is more than ${limits.historyRows} rows; ask for a shorter range or a coarser step`,
      );
    }
    return adHoc.history(
      {
        query: query ?? '',
        ...(address === undefined ? {} : { address }),
        rangeSeconds,
        ...(stepSeconds === undefined ? {} : { stepSeconds }),
      },
      signal,
    );
  }
}

/** Seasons in seconds: those given, or of a day and a week what has steps enough to be learned. */
function seasonsOf({ seasons }: AdHocRequest, stepSeconds: number, maxSteps: number): readonly number[] {
  const shortest = fewestSeasonSteps * stepSeconds;
  if (seasons === undefined) {
    const usable = [daySeconds, 7 * daySeconds].filter((season) => season >= shortest);
    if (usable.length > 0) return usable;
    throw wrongField(
      'step',
      `step: ${formatDuration(stepSeconds)} is too coarse for a day or a week, a season needs ${fewestSeasonSteps} steps; give seasons`,
    );
  }
  const seconds = seasons.map((season) => secondsOf(season, 0));
  const longest = maxSteps * gridSecondsFor(stepSeconds, seconds[0]);
  for (const [index, season] of seconds.entries()) {
    const field = `seasons.${index}`;
    const value = formatDuration(season);
    if (season < shortest) {
      throw wrongField(
        field,
        `${field}: ${value} must be at least ${fewestSeasonSteps} steps, ${formatDuration(shortest)}`,
      );
    }
    if (season > longest) {
      throw wrongField(
        field,
        `${field}: ${value} must be at most ${maxSteps} steps of the model, ${formatDuration(longest)}; give a coarser step`,
      );
    }
    if (index > 0 && season <= (seconds[index - 1] ?? 0)) {
      throw wrongField(field, `${field}: ${value} must be longer than the season before it`);
    }
  }
  return seconds;
}

function wrongField(field: string, message: string): ForescaleError {
  return new ForescaleError('invalid-argument', message, { fieldErrors: [{ field, message }] });
}

function timedOut(timeoutMs: number): ForescaleError {
  return new ForescaleError(
    'source-timeout',
    `the forecast took longer than ${formatDuration(timeoutMs / 1000)}; ask for a shorter range or a coarser step`,
  );
}
