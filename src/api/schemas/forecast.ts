import { Type } from 'typebox';
import type { LearningReason } from '../../forecast/index.ts';
import { named } from './named.ts';
import { byQuantile, choice, orNull, unit, unixSeconds } from './parts.ts';

export const LearningReasonSchema = named(
  'LearningReason',
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
    Type.Object({
      t: unixSeconds('for'),
      median: Type.Number(),
      quantiles: byQuantile('value by probability'),
    }),
  ),
};
export const ForecastSchema = named('Forecast', Type.Object(forecast));

export const AdHocForecastSchema = named(
  'AdHocForecast',
  Type.Object({
    ...forecast,
    warnings: Type.Array(Type.String(), { description: 'warnings of the source' }),
  }),
);
