import type { DistrustReason, HorizonAccuracy } from '../../forecast/core/index.ts';

/** How one horizon has done lately, as the command and the API print it; a ratio without a denominator is null. */
export interface AccuracyJson {
  readonly horizonSeconds: number;
  readonly count: number;
  readonly wape: number | null;
  readonly bias: number | null;
  readonly relativeToPersistence: number | null;
  readonly relativeToSeasonalNaive: number | null;
  readonly coverage: Record<string, number>;
  readonly pinball: Record<string, number>;
  readonly weights: Record<string, number>;
  readonly distrust: readonly DistrustReason[];
}

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
