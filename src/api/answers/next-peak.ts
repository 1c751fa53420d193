import type { WorkloadView } from '../../forecast/index.ts';

const daySeconds = 86_400;
/** Probability that demand is at most the forecast at each moment of the day. */
const quantile = 0.9;
/** Most steps that are looked ahead, where a day is compressed into minutes. */
const mostSteps = 2016;

/** The highest demand that is forecast for the next day, and when. */
export interface NextPeak {
  readonly atSeconds: number;
  readonly value: number;
}

interface Kept {
  readonly key: string;
  readonly peak: NextPeak | undefined;
}

/** The newest answer for each model. A forecast of the day changes when a step of the grid is complete, and not before. */
const kept = new WeakMap<WorkloadView['model'], Kept>();

/** The next peak of a model, made anew once in each step of its grid; undefined where there is no forecast. */
export function nextPeak(model: WorkloadView['model'], nowSeconds: number): NextPeak | undefined {
  const key = keyOf(model, nowSeconds);
  const known = kept.get(model);
  if (known?.key === key) return known.peak;
  const peak = highestAhead(model, nowSeconds);
  kept.set(model, { key, peak });
  return peak;
}

function keyOf({ gridSeconds, newestSeconds }: WorkloadView['model'], nowSeconds: number): string {
  return `${Math.floor(newestSeconds() / gridSeconds)} ${Math.floor(nowSeconds / gridSeconds)}`;
}

function highestAhead(
  { gridSeconds, forecast }: WorkloadView['model'],
  nowSeconds: number,
): NextPeak | undefined {
  const horizonSteps = Math.min(mostSteps, Math.max(1, Math.floor(daySeconds / gridSeconds)));
  const result = forecast({ horizonSteps, quantiles: [quantile] });
  if (result.status !== 'ok') return undefined;
  const values = result.quantiles[String(quantile)] ?? [];
  let highest: NextPeak | undefined;
  for (const [index, value] of values.entries()) {
    const atSeconds = result.origin + (index + 1) * result.stepSeconds;
    if (atSeconds > nowSeconds && value > (highest?.value ?? -1)) highest = { atSeconds, value };
  }
  return highest;
}
