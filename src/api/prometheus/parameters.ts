import { type Static, Type } from 'typebox';
import { parseDuration } from '../../platform/duration.ts';
import { type ForescaleError, invalidField } from '../../platform/errors.ts';
import { parseMoment } from '../../platform/moment.ts';
import type { Moments } from './evaluation/row.ts';

const text = (description: string, maxLength = 64) => Type.Optional(Type.String({ description, maxLength }));
const moment = (description: string) => text(`${description}; unix seconds or RFC 3339`);

const timeout = text('longest the query may take, a duration or seconds');
const limit = text('most series or values of the answer; 0 = all');
// Every parameter is text, because forms have no other. Unknown ones are let through: clients add some of their own.
const query = text('PromQL, of which a part is answered', 65_536);

export const InstantQuery = Type.Object({ query, time: moment('when (default: now)'), timeout, limit });
export const RangeQuery = Type.Object({
  query,
  start: moment('first moment'),
  end: moment('last moment'),
  step: text('distance of the moments, a duration or seconds'),
  timeout,
  limit,
});

const selector = Type.String({ maxLength: 65_536 });
export const SeriesQuery = Type.Object({
  'match[]': Type.Optional(
    Type.Union([selector, Type.Array(selector, { maxItems: 100 })], {
      description: 'selectors, such as forescale_forecast',
    }),
  ),
  start: moment('checked, and otherwise ignored: series are those of now'),
  end: moment('checked, and otherwise ignored'),
  limit,
});

/** The range of years that a moment may be in: 1 to 9999. */
const farthestSeconds = 253_402_300_799;

function invalid(parameter: string, message: string): ForescaleError {
  return invalidField(parameter, `invalid parameter "${parameter}": ${message}`);
}

/** A moment in unix milliseconds; `byDefault` where none is given. */
export function momentOf(
  parameter: string,
  given: string | undefined,
  byDefault: number | undefined,
): number {
  if ((given === undefined || given === '') && byDefault !== undefined) return byDefault;
  const seconds = /^[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?$/i.test(given ?? '')
    ? Number(given)
    : parseMoment(given ?? '');
  if (seconds !== undefined && Math.abs(seconds) <= farthestSeconds) return Math.round(seconds * 1000);
  const wrong = `cannot parse ${JSON.stringify(given ?? '')} to a valid timestamp`;
  throw invalid(
    parameter,
    byDefault === undefined ? wrong : `Invalid time value for '${parameter}': ${wrong}`,
  );
}

/** A length of time in milliseconds, written as a duration or as seconds. */
export function lengthOf(parameter: string, given: string): number {
  const seconds = /^[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?$/i.test(given) ? Number(given) : parseDuration(given);
  if (seconds !== undefined && Number.isFinite(seconds)) return Math.round(seconds * 1000);
  throw invalid(parameter, `cannot parse ${JSON.stringify(given)} to a valid duration`);
}

/** The moments of a range query. Its errors are in Prometheus' words, which clients know. */
export function momentsOf(
  { start, end, step }: Pick<Static<typeof RangeQuery>, 'start' | 'end' | 'step'>,
  mostPoints: number,
): Moments {
  const fromMs = momentOf('start', start, undefined);
  const toMs = momentOf('end', end, undefined);
  if (toMs < fromMs) throw invalid('end', 'end timestamp must not be before start time');
  const stepMs = lengthOf('step', step ?? '');
  if (stepMs <= 0) {
    throw invalid(
      'step',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  }
  const steps = Math.floor((toMs - fromMs) / stepMs);
  if (steps > mostPoints) {
    throw invalidField(
      'step',
      `exceeded maximum resolution of ${mostPoints.toLocaleString('en-US')} points per timeseries. Try decreasing the query resolution (?step=XX)`,
    );
  }
  return { fromMs, stepMs, count: steps + 1 };
}

/** Most entries of an answer; Infinity where nothing or 0 is given. */
export function limitOf(given: string | undefined): number {
  if (given === undefined || given === '' || given === '0') return Number.POSITIVE_INFINITY;
  if (/^\d{1,15}$/.test(given)) return Number(given);
  throw invalid('limit', 'limit must be a non-negative number');
}
