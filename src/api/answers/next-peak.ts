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
  /** Number of the step of the grid that was newest. */
  readonly slot: number;
  readonly peak: NextPeak | undefined;
}

/** The newest answer for each model. */
const kept = new WeakMap<WorkloadView['model'], Kept>();

/**
 * The next peak of a model, looked for anew once for each step of its grid; undefined where there is no forecast, or where the model
 * fails: who asks for the forecast itself hears why, and a list of many workloads does not fail for one.
 */
export function nextPeak(model: WorkloadView['model'], nowSeconds: number): NextPeak | undefined {
  const slot = slotOf(model);
  const known = kept.get(model);
  if (known?.slot === slot && !isOver(known, nowSeconds)) return known.peak;
  const peak = highestOrNone(model, nowSeconds);
  kept.set(model, { slot, peak });
  return peak;
}

/** The next peak as it was a step of the grid ago at most, so that a thousand of them take no time; else as {@link nextPeak}. */
export function recentPeak(model: WorkloadView['model'], nowSeconds: number): NextPeak | undefined {
  const known = kept.get(model);
  const isRecent = known?.peak !== undefined && slotOf(model) - known.slot <= 1;
  return isRecent && !isOver(known, nowSeconds) ? known.peak : nextPeak(model, nowSeconds);
}

function slotOf(model: WorkloadView['model']): number {
  return Math.floor(model.newestSeconds() / model.gridSeconds);
}

const isOver = ({ peak }: Kept, nowSeconds: number) => peak !== undefined && peak.atSeconds <= nowSeconds;

function highestOrNone(model: WorkloadView['model'], nowSeconds: number): NextPeak | undefined {
  try {
    return highestAhead(model, nowSeconds);
  } catch {
    return undefined;
  }
}

function highestAhead(model: WorkloadView['model'], nowSeconds: number): NextPeak | undefined {
  const horizonSteps = Math.min(mostSteps, Math.max(1, Math.floor(daySeconds / model.gridSeconds)));
  const result = model.forecast({ horizonSteps, quantiles: [quantile] });
  if (result.status !== 'ok') return undefined;
  const values = result.quantiles[String(quantile)] ?? [];
  let highest: NextPeak | undefined;
  for (const [index, value] of values.entries()) {
    const atSeconds = result.origin + (index + 1) * result.stepSeconds;
    if (atSeconds > nowSeconds && value > (highest?.value ?? -1)) highest = { atSeconds, value };
  }
  return highest;
}
