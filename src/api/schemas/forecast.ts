import { Type } from 'typebox';
import type { LearningReason } from '../../forecast/index.ts';
import { named } from './named.ts';
import { byQuantile, choice, orNull, unit, unixSeconds } from './parts.ts';

export const LearningReasonSchema = named(
  'LearningReason',
  'Why there is no forecast yet.',
  Type.Object({
    code: Type.Unsafe<LearningReason['code']>(Type.String()),
    message: Type.String(),
  }),
);
const forecast = {
  status: choice(['ok', 'learning']),
  reasons: Type.Array(LearningReasonSchema),
  origin: orNull(unixSeconds('newest grid point used')),
  stepSeconds: Type.Number(),
  unit,
  seasons: Type.Array(Type.Number(), { description: 'lengths of the seasons found, seconds' }),
  points: Type.Array(
    named(
      'ForecastPoint',
      'The forecast for one moment.',
      Type.Object({
        t: unixSeconds('for'),
        median: Type.Number(),
        quantiles: byQuantile('value by probability'),
      }),
    ),
  ),
};
export const ForecastSchema = named(
  'Forecast',
  'Median and quantiles of demand at each step ahead; no points while there is none.',
  Type.Object(forecast),
);

export const AdHocForecastSchema = named(
  'AdHocForecast',
  'A forecast of a history that was sent or queried.',
  Type.Object({
    ...forecast,
    warnings: Type.Array(Type.String(), { description: 'warnings of the source' }),
  }),
);
