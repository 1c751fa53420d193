import { type Static, type TSchema, Type } from 'typebox';
import { fewestSeasonSteps, gridSecondsFor } from '../../forecast/index.ts';
import { formatDuration } from '../../platform/duration.ts';
import { invalidField } from '../../platform/errors.ts';
import { finestStepSeconds } from '../limits.ts';
import { InlineColumns, InlineData } from './inline-history.ts';
import { Duration, Quantiles, secondsOf } from './parameters.ts';

const daySeconds = 86_400;

/** The body of `POST /api/v1/forecasts` with a given schema for its data. */
const adHocRequest = <D extends TSchema>(data: D) =>
  Type.Object(
    {
      query: Type.Optional(
        Type.String({
          description: 'query that gives one series, in the language of the source',
          minLength: 1,
          maxLength: 8192,
        }),
      ),
      address: Type.Optional(
        Type.String({ description: 'an allow-listed address or a profile’s name', maxLength: 2048 }),
      ),
      range: Type.Optional(Duration('history to read (default 28d)', { minimumSeconds: 60 })),
      data: Type.Optional(data),
      step: Type.Optional(
        Duration('distance of the rows (default: suits the range, or the data’s own)', {
          minimumSeconds: finestStepSeconds,
          maximumSeconds: 7 * daySeconds,
        }),
      ),
      seasons: Type.Optional(
        Type.Array(
          Duration('a season’s length', {
            minimumSeconds: fewestSeasonSteps * finestStepSeconds,
            maximumSeconds: 28 * daySeconds,
          }),
          {
            description:
              'shortest first, each at least 20 steps (default: those of 1d and 7d that have them)',
            minItems: 1,
            maxItems: 2,
          },
        ),
      ),
      timeZone: Type.Optional(
        Type.String({
          description: 'IANA time zone of days and weeks (default UTC)',
          examples: ['Europe/Berlin'],
          maxLength: 64,
        }),
      ),
      horizon: Duration('how far ahead'),
      quantiles: Type.Optional(Quantiles),
    },
    { additionalProperties: false },
  );
/** The body of an ad-hoc forecast as the OpenAPI document shows it. */
export const AdHocRequest = adHocRequest(InlineData);
export type AdHocRequest = Static<typeof AdHocRequest>;
/**
 * The body of an ad-hoc forecast as it is validated on arrival; `inlineHistory` checks the rows of its data later, in slices.
 */
export const CheckedAdHocRequest = adHocRequest(InlineColumns);

/** The seasons in seconds: those given, or those of a day and a week that have enough steps to be learned. */
export function seasonsOf(
  { seasons }: AdHocRequest,
  stepSeconds: number,
  maxSteps: number,
): readonly number[] {
  const shortest = fewestSeasonSteps * stepSeconds;
  if (seasons === undefined) {
    const usable = [daySeconds, 7 * daySeconds].filter((season) => season >= shortest);
    if (usable.length > 0) return usable;
    throw invalidField(
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
      throw invalidField(
        field,
        `${field}: ${value} must be at least ${fewestSeasonSteps} steps, ${formatDuration(shortest)}`,
      );
    }
    if (season > longest) {
      throw invalidField(
        field,
        `${field}: ${value} must be at most ${maxSteps} steps of the model, ${formatDuration(longest)}; give a coarser step`,
      );
    }
    if (index > 0 && season <= (seconds[index - 1] ?? 0)) {
      throw invalidField(field, `${field}: ${value} must be longer than the season before it`);
    }
  }
  return seconds;
}
