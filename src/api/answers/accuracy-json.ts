import type { HorizonAccuracy } from '../../forecast/index.ts';
import type { Answer } from '../instance.ts';
import type { HorizonSchema } from '../schemas/accuracy.ts';

/** Recent accuracy at one horizon, as the command and the API print it. JSON has null for a ratio without a denominator. */
export function toAccuracyJson(accuracy: HorizonAccuracy): Answer<typeof HorizonSchema> {
  return {
    ...accuracy,
    coverage: finiteOnly(accuracy.coverage),
    pinball: finiteOnly(accuracy.pinball),
    weights: finiteOnly(accuracy.weights),
  };
}

function finiteOnly(values: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
}
