import { Type } from 'typebox';
import type { DistrustReason } from '../../forecast/index.ts';
import { named } from './named.ts';
import { byQuantile, identity, orNull } from './parts.ts';

export const HorizonSchema = named(
  'HorizonAccuracy',
  'How good forecasts this far ahead lately were.',
  Type.Object({
    horizonSeconds: Type.Number(),
    count: Type.Number({ description: 'forecasts that came due' }),
    wape: orNull(Type.Number({ description: 'Σ|error| ÷ Σ value' })),
    bias: orNull(Type.Number({ description: 'mean error ÷ mean value; positive = too high' })),
    relativeToPersistence: orNull(
      Type.Number({ description: 'error divided by that of assuming no change; below 1 = better' }),
    ),
    relativeToSeasonalNaive: orNull(
      Type.Number({ description: 'error divided by that of repeating the last season; below 1 = better' }),
    ),
    coverage: byQuantile('share of values at or below each quantile'),
    pinball: byQuantile('mean pinball loss ÷ mean value'),
    weights: byQuantile('weight of each expert'),
    distrust: Type.Array(Type.Unsafe<DistrustReason>(Type.String()), {
      description: 'why forecasts this far ahead should not be trusted at present; empty = they can be',
    }),
  }),
);

export const AccuracySchema = named(
  'Accuracy',
  'How good the forecasts of a workload lately were, by horizon.',
  Type.Object({ ...identity, horizons: Type.Array(HorizonSchema) }),
);
