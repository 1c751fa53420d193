import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ForecastResult, WorkloadView } from '../../forecast/index.ts';
import { formatDuration } from '../../platform/duration.ts';
import { ForescaleError } from '../../platform/errors.ts';
import { formatMoment } from '../../platform/moment.ts';
import { createConcurrencyLimit } from '../../platform/turns/concurrency-limit.ts';
import { forClient } from '../routes/ad-hoc/for-client.ts';
import type { RouteContext } from '../routes/route.ts';

type PastForecastRequest = Parameters<WorkloadView['model']['forecastOfPast']>[0];

/**
 * Forecasts as of moments of the past, one after the other, for who has the token: each costs up to a second of a core. Rejects with
 * `not-on-record` for a moment before all that is remembered, and with `limit-reached` where too many wait.
 */
export function createPastForecasts({ guard, limits }: RouteContext) {
  const turns = createConcurrencyLimit(1);
  let admitted = 0;
  return async (
    request: FastifyRequest,
    reply: FastifyReply,
    { model, namespace, name }: WorkloadView,
    asked: PastForecastRequest,
  ): Promise<ForecastResult> => {
    await guard(request);
    if (model.history(Number.NEGATIVE_INFINITY, asked.atSeconds).timestamps.length === 0) {
      throw new ForescaleError(
        'not-on-record',
        `${namespace}/${name}: no demand before ${formatMoment(asked.atSeconds)} is remembered, from which a forecast could be made again`,
      );
    }
    if (admitted > limits.pastForecastsWaiting) {
      throw new ForescaleError(
        'limit-reached',
        `${admitted} forecasts of the past are being made or wait, as many as this server takes; try again in some seconds`,
      );
    }
    admitted += 1;
    try {
      return await forClient(reply, limits.adHocTimeoutMs, {
        work: (signal) => turns.run(() => model.forecastOfPast(asked, signal), signal, namespace),
        tooLong: () =>
          new ForescaleError(
            'overloaded',
            `the forecast took longer than ${formatDuration(limits.adHocTimeoutMs / 1000)}; ask again when the server has less to do`,
          ),
      });
    } finally {
      admitted -= 1;
    }
  };
}
