import { createForecaster, type Forecaster } from '../../../../../src/forecast/core/index.ts';
import { noisyWeek, workingWeek } from '../made-series.ts';

export const minute = 60;
export const hour = 3600;
export const day = 86_400;
export const stepSeconds = 5 * minute;
/** A Saturday's midnight. */
export const start = 19_000 * day;
/** Faults begin on a Monday at eleven, when the week has been seen twice. */
export const faultAt = start + 16 * day + 11 * hour;
export const aheadSteps = 6;
export const seeds = [1, 2];

/** What the source gave in place of a row: another value, nothing (undefined), or the least it can have been. */
type Told = number | undefined | { readonly atLeast: number };
export type Fault = (unixSeconds: number, value: number) => Told;
const none: Fault = (_t, value) => value;
export const within = (t: number, seconds: number) => t > faultAt && t <= faultAt + seconds;

function tell(forecaster: Forecaster, t: number, told: Told): void {
  if (typeof told === 'object') forecaster.observe(t, told.atLeast, true);
  else if (told !== undefined) forecaster.observe(t, told);
}

/** Half an hour ahead, by origin: medians and 0.95 bounds, and the truth without the fault. */
interface Answers {
  readonly medians: readonly number[];
  readonly bounds: readonly number[];
  readonly truths: readonly number[];
}

/** The answers on the way, and the forecaster and the demand at its end, from where a test may go on. */
export interface Walk extends Answers {
  readonly forecaster: Forecaster;
  readonly noisy: (unixSeconds: number) => number;
}

/** Walks through a noisy week with a fault in it, and forecasts from `fromSeconds` on for `seconds`. */
export function walk(
  seed: number,
  fault: Fault,
  span: { readonly fromSeconds: number; readonly seconds: number },
  rowSeconds = stepSeconds,
): Walk {
  const forecaster = createForecaster({ stepSeconds: rowSeconds });
  const noisy = noisyWeek(seed);
  const result = { medians: [] as number[], bounds: [] as number[], truths: [] as number[] };
  for (let t = start + rowSeconds; t <= span.fromSeconds + span.seconds; t += rowSeconds) {
    tell(forecaster, t, fault(t, noisy(t)));
    if (t <= span.fromSeconds || t % stepSeconds !== 0) continue;
    const forecast = forecaster.forecast({ horizonSteps: aheadSteps, quantiles: [0.95] });
    if (forecast.status !== 'ok') throw new Error(forecast.reasons[0]?.message);
    result.medians.push(forecast.median.at(-1) ?? Number.NaN);
    result.bounds.push(forecast.quantiles['0.95']?.at(-1) ?? Number.NaN);
    // The mean of the noise is zero, so that the clean week is what a forecast is to hit.
    result.truths.push(workingWeek(t + aheadSteps * stepSeconds));
  }
  return { ...result, forecaster, noisy };
}

export function wape({ medians, truths }: Answers): number {
  const error = medians.reduce((sum, value, i) => sum + Math.abs(value - (truths[i] ?? Number.NaN)), 0);
  return error / sumOf(truths);
}

export const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
export const meanOf = (values: readonly number[]) => sumOf(values) / values.length;

/** As little as a fault leaves of two days: from its beginning on. */
export const twoDays = { fromSeconds: faultAt, seconds: 2 * day };
const cleanWalks = new Map<string, Walk>();

export function cleanWalk(seed: number, rowSeconds: number): Walk {
  const key = `${seed}/${rowSeconds}`;
  const walked = cleanWalks.get(key) ?? walk(seed, none, twoDays, rowSeconds);
  cleanWalks.set(key, walked);
  return walked;
}

/** The part of a walk with origins from so many seconds after the fault's beginning on. */
export function part({ medians, bounds, truths }: Answers, fromSeconds: number, seconds: number): Answers {
  const [from, to] = [fromSeconds / stepSeconds, (fromSeconds + seconds) / stepSeconds];
  return {
    medians: medians.slice(from, to),
    bounds: bounds.slice(from, to),
    truths: truths.slice(from, to),
  };
}

/** The day after a fault that lasts so many seconds, from the fault's end on. */
export const dayAfter = (lastsSeconds: number) => ({ fromSeconds: faultAt + lastsSeconds, seconds: day });

/** What the fault adds to WAPE at 30 min in the day after it; 0.01 is a point. */
export function harm(seed: number, fault: Fault, lastsSeconds: number, rowSeconds = stepSeconds): number {
  const faulty = walk(seed, fault, dayAfter(lastsSeconds), rowSeconds);
  return wape(faulty) - wape(part(cleanWalk(seed, rowSeconds), lastsSeconds, day));
}

/** A row that is no demand: NaN, negative or infinite, one after the other. */
export function nonsense(t: number): number {
  return [Number.NaN, -1, Number.POSITIVE_INFINITY][Math.abs(t / stepSeconds) % 3] ?? Number.NaN;
}
