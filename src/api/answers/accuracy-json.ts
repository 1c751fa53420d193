import type { HorizonAccuracy } from '../../forecast/index.ts';
import type { Answer } from '../instance.ts';
import type { HorizonSchema } from '../schemas.ts';

/** Recent accuracy at one horizon, as the command and the API print it; a ratio without a denominator is null. */
export type AccuracyJson = Answer<typeof HorizonSchema>;

export function toAccuracyJson(accuracy: HorizonAccuracy): AccuracyJson {
  const { horizonSeconds, count, wape, bias, distrust } = accuracy;
  return {
    horizonSeconds,
    count,
    wape: finiteOrNull(wape),
    bias: finiteOrNull(bias),
    relativeToPersistence: finiteOrNull(accuracy.relativeToPersistence),
    relativeToSeasonalNaive: finiteOrNull(accuracy.relativeToSeasonalNaive),
    coverage: finiteOnly(accuracy.coverage),
    pinball: finiteOnly(accuracy.pinball),
    weights: finiteOnly(accuracy.weights),
    distrust: [...distrust],
  };
}

export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function finiteOnly(values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
}
