import { Type } from 'typebox';
import { formatDuration, parseDuration } from '../../platform/duration.ts';
import { ForescaleError, invalidField } from '../../platform/errors.ts';
import { parseMomentAt } from '../../platform/moment.ts';
import { timeZone } from '../../platform/time-zone.ts';

/** The longest span of time that a parameter may name. */
const yearSeconds = 366 * 86_400;

/** A duration as text, such as `2h`, within bounds in seconds: by default from one to a year. Read it with {@link secondsOf}. */
export function Duration(description: string, { minimumSeconds = 1, maximumSeconds = yearSeconds } = {}) {
  const bounds = `from ${formatDuration(minimumSeconds)} to ${formatDuration(maximumSeconds)}`;
  return Type.Refine(
    Type.String({ description: `${description}; ${bounds}`, examples: ['90s', '2h', '7d'] }),
    (text) => {
      const seconds = parseDuration(text);
      return seconds !== undefined && seconds >= minimumSeconds && seconds <= maximumSeconds;
    },
    () => `must be a duration such as 90s, 2h or 7d, ${bounds}`,
  );
}

/** Seconds of a validated duration, or `byDefault`. */
export function secondsOf(text: string | undefined, byDefault: number): number {
  if (text === undefined) return byDefault;
  const seconds = parseDuration(text);
  if (seconds === undefined) throw new ForescaleError('invalid-argument', `${text} is not a duration`);
  return seconds;
}

/** Number of whole steps in a horizon. Throws `invalid-argument` where it is below one or above `maxSteps`. */
export function horizonStepsWithin(horizonSeconds: number, stepSeconds: number, maxSteps: number): number {
  // The small addition absorbs the rounding error of fractions of a second.
  const steps = Math.floor(horizonSeconds / stepSeconds + 1e-9);
  if (steps >= 1 && steps <= maxSteps) return steps;
  const message = `horizon: ${formatDuration(horizonSeconds)} must be from ${formatDuration(stepSeconds)}, one step, to ${formatDuration(stepSeconds * maxSteps)}`;
  throw invalidField('horizon', message, formatDuration(horizonSeconds));
}

/** A moment as unix seconds, as ISO 8601 (without a zone: UTC), or relative to now. Read it with {@link momentOf}. */
export const Moment = (description: string) =>
  Type.Refine(
    Type.String({
      description: `${description}; unix seconds, ISO 8601, or relative to now`,
      examples: ['1767603600', '2026-01-05T09:00Z', '-2h', 'now'],
    }),
    (text) => parseMomentAt(text, someTimeSeconds) !== undefined,
    () =>
      'must be unix seconds, an ISO time such as 2026-01-05T09:00Z, or a time relative to now such as -2h',
  );
/** What is relative to some time of our days can be relative to now. */
const someTimeSeconds = 1_700_000_000;

/** Unix seconds of a validated moment. Throws `invalid-argument` for one that is before 1970 or after 9999. */
export function momentOf(name: string, text: string, nowSeconds: number): number {
  const moment = parseMomentAt(text, nowSeconds);
  if (moment === undefined) throw invalidField(name, `${name}: ${text} is out of range`, text);
  return moment;
}

/** The name of the time zone in whose clocks rows are written. */
export const TimeZoneName = Type.Refine(
  Type.String({
    description: 'IANA time zone of the times in CSV and NDJSON (default UTC)',
    examples: ['Europe/Berlin'],
    maxLength: 64,
  }),
  (text) => timeZone.parse(text) === text,
  () => `must be ${timeZone.allowed}`,
);

/** The span of time that `from` and `to`, or `range`, name. Throws `invalid-argument` where they contradict each other. */
export function spanOf(
  query: { readonly from?: string; readonly to?: string; readonly range?: string },
  nowSeconds: number,
  defaultRangeSeconds: number,
): { readonly from: number; readonly to: number } {
  if (query.from !== undefined && query.range !== undefined) {
    throw invalidField('range', 'from and range exclude each other; give one of them');
  }
  const to = query.to === undefined ? nowSeconds : momentOf('to', query.to, nowSeconds);
  const start = query.from === undefined ? undefined : momentOf('from', query.from, nowSeconds);
  const from = start ?? Math.max(0, to - secondsOf(query.range, defaultRangeSeconds));
  if (from >= to) throw invalidField('from', `from (${from}) must be before to (${to})`);
  return { from, to };
}

const maxQuantiles = 20;

/** Probabilities in (0, 1), in a request body. */
export const Quantiles = Type.Array(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }), {
  minItems: 1,
  maxItems: maxQuantiles,
  description: 'probabilities in (0, 1)',
  examples: [[0.5, 0.9, 0.99]],
});

/** Probabilities in (0, 1) as comma-separated text, in a query string. Read it with {@link quantilesOf}. */
export const QuantilesText = Type.Refine(
  Type.String({
    description: `probabilities in (0, 1), comma-separated, at most ${maxQuantiles}`,
    examples: ['0.5,0.9,0.99'],
  }),
  (text) => quantilesOf(text) !== undefined,
  () => `must be 1 to ${maxQuantiles} numbers above 0 and below 1, such as 0.5,0.9,0.99`,
);

/** The probabilities in a text, or undefined where it has anything else. */
export function quantilesOf(text: string): readonly number[] | undefined {
  const parts = text.split(',');
  const quantiles = parts.map((part) => (/^\s*0?\.\d{1,9}\s*$/.test(part) ? Number(part) : Number.NaN));
  return parts.length <= maxQuantiles && quantiles.every((q) => q > 0 && q < 1) ? quantiles : undefined;
}
