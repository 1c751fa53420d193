import { type Static, type TSchema, Type } from 'typebox';
import {
  type CalendarEvent,
  fewestSeasonSteps,
  gridSecondsFor,
  joinedEvents,
} from '../../../forecast/index.ts';
import { formatDuration } from '../../../platform/duration.ts';
import { ForescaleError, invalidField } from '../../../platform/errors.ts';
import { timeZone as knownTimeZone } from '../../../platform/time-zone.ts';
import { finestStepSeconds } from '../../limits.ts';
import type { AdHocHistory } from '../../ports.ts';
import { findWorkload } from '../find-workload.ts';
import { Duration, secondsOf } from '../parameters.ts';
import type { RouteContext } from '../route.ts';
import { type InlineColumns, inlineHistory } from './inline-history.ts';

const daySeconds = 86_400;
export const usualRangeSeconds = 28 * daySeconds;

/** Properties of a body that say which history is meant and which seasons it has, with a given schema for its data. */
export const sourceProperties = <D extends TSchema>(data: D) => ({
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
        description: 'shortest first, each at least 20 steps (default: those of 1d and 7d that have them)',
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
  workload: Type.Optional(
    Type.String({
      description:
        'a workload of this server, as namespace/name: the events of its calendars count (default: there are no events)',
      pattern: '^[^/]+/[^/]+$',
      maxLength: 512,
      examples: ['shop/web'],
    }),
  ),
});

type Properties = ReturnType<typeof sourceProperties<typeof InlineColumns>>;
/** The part of a body that {@link sourceProperties} describes. */
export type SourceRequest = Static<ReturnType<typeof Type.Object<Properties>>>;

/** Throws where a time zone is named that nobody knows. */
export function refuseUnknownZone({ timeZone }: SourceRequest): void {
  if (timeZone !== undefined && knownTimeZone.parse(timeZone) !== timeZone) {
    throw invalidField('timeZone', `timeZone: "${timeZone}" must be ${knownTimeZone.allowed}`);
  }
}

/** The events of the workload that a request names; undefined where it names none. Throws `not-found` for one that is not known. */
export function eventsFor(
  { workload }: SourceRequest,
  { directory }: Pick<RouteContext, 'directory'>,
): readonly CalendarEvent[] | undefined {
  if (workload === undefined) return undefined;
  const [namespace = '', name = ''] = workload.split('/');
  const found = directory.find(namespace, name);
  const models = found.length > 0 ? found : [findWorkload(directory, { namespace, name }, undefined)];
  return joinedEvents(() => models.map(({ model }) => model))();
}

/** The history that a request sends along, or reads by its query for so long up to now. */
export async function historyOf(
  { query, data, address, step }: SourceRequest,
  rangeSeconds: number,
  { adHoc, limits }: RouteContext,
  signal: AbortSignal,
): Promise<AdHocHistory> {
  const stepSeconds = step === undefined ? undefined : secondsOf(step, 0);
  if ((query === undefined) === (data === undefined)) {
    throw invalidField('query', 'give either query or data: the history is read, or sent along');
  }
  if (data !== undefined) {
    if (address !== undefined) throw invalidField('address', 'address goes with query, not with data');
    return inlineHistory(data, { stepSeconds, maxRows: limits.historyRows, signal });
  }
  if (stepSeconds !== undefined && rangeSeconds / stepSeconds > limits.historyRows) {
    throw new ForescaleError(
      'too-large',
      `${formatDuration(rangeSeconds)} at a step of ${formatDuration(stepSeconds)} is more than ${limits.historyRows} rows; ask for a shorter range or a coarser step`,
    );
  }
  return adHoc.history({ query: query ?? '', address, rangeSeconds, stepSeconds }, signal);
}

/** The seasons in seconds: those given, or those of a day and a week that have enough steps to be learned. */
export function seasonsOf(
  { seasons }: SourceRequest,
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
