import { Type } from 'typebox';
import type { LearningReason } from '../../forecast/index.ts';
import { EventsUsed } from './calendars.ts';
import { named } from './named.ts';
import { byQuantile, choice, identity, orNull, unixSeconds } from './parts.ts';

export const LearningReasonSchema = named(
  'LearningReason',
  'Why there is no forecast yet.',
  Type.Object({
    code: Type.Unsafe<LearningReason['code']>(Type.String()),
    message: Type.String({ description: 'for people' }),
  }),
);

const point = {
  t: unixSeconds('for'),
  median: Type.Number(),
  quantiles: byQuantile('value by probability'),
};
const forecast = {
  status: choice(['ok', 'learning']),
  reasons: Type.Array(LearningReasonSchema),
  origin: orNull(unixSeconds('newest grid point used')),
  stepSeconds: Type.Number(),
  seasons: Type.Array(Type.Number(), { description: 'lengths of the seasons found, seconds' }),
};

/** A forecast as the command prints it, too. */
export const AdHocForecastSchema = named(
  'AdHocForecast',
  'A forecast of a history that was sent or queried.',
  Type.Object({
    ...forecast,
    points: Type.Array(named('ForecastPoint', 'The forecast for one moment.', Type.Object(point))),
    events: EventsUsed,
    warnings: Type.Array(Type.String(), { description: 'warnings of the source' }),
  }),
);

const replicasNeeded = named(
  'ReplicasNeeded',
  'Replicas that carry the demand: demand ÷ threshold, rounded up; null for demand without a bound.',
  Type.Object({
    median: orNull(Type.Integer()),
    quantiles: Type.Record(Type.String(), orNull(Type.Integer()), { description: 'by probability' }),
  }),
);

export const ForecastSchema = named(
  'Forecast',
  'Median and quantiles of demand at each step ahead, and the replicas that carry it; no points while there is no forecast.',
  Type.Object({
    ...identity,
    ...forecast,
    made: choice(['now', 'replayed'], {
      description: 'replayed = as of a moment of the past, from what is remembered up to it',
    }),
    at: orNull(unixSeconds('moment that was asked for')),
    threshold: Type.Number({ description: 'demand one replica should carry' }),
    hpaTolerance: Type.Number({ description: 'relative difference that the HPA ignores when it scales up' }),
    replicasMeaning: Type.String({ description: 'for people: what `replicas` says, and what it does not' }),
    points: Type.Array(
      named(
        'WorkloadForecastPoint',
        'The forecast for one moment, and the replicas that carry it.',
        Type.Object({
          ...point,
          replicas: replicasNeeded,
          came: Type.Optional(
            orNull(
              Type.Number({
                description: 'demand that came, where the forecast was replayed; null = none is remembered',
              }),
            ),
          ),
        }),
      ),
    ),
  }),
);
