import type { LoadShape } from '../../src/load-shapes/index.ts';

/**
 * Input of k6's ramping-arrival-rate executor, which changes the rate linearly within each stage. Rates are whole numbers per
 * minute.
 */
export interface Stages {
  readonly startRate: number;
  readonly timeUnit: '1m';
  readonly stages: { readonly duration: string; readonly target: number }[];
}

/** Unit of the rates. k6 takes whole numbers only, so a minute lets a rate be a fraction of a request per second. */
const rateUnitSeconds = 60;
/** Most stages. More would not improve the curve, which is linear between two stages, and would make k6 start slowly. */
const maxStages = 2000;

/**
 * Approximates a load shape from `fromSeconds` on by linear stages of about `stageSeconds` each, at most 2,000 of them, whose
 * lengths add up to `seconds`, to the millisecond. Throws a RangeError for times that are not above 0.
 */
export function toStages(
  rateAt: LoadShape,
  span: { readonly fromSeconds: number; readonly seconds: number; readonly stageSeconds: number },
): Stages {
  const { fromSeconds, seconds, stageSeconds } = span;
  if (!(seconds > 0)) throw new RangeError(`seconds must be above 0, not ${seconds}`);
  if (!(stageSeconds > 0)) throw new RangeError(`stageSeconds must be above 0, not ${stageSeconds}`);
  const count = Math.min(maxStages, Math.max(1, Math.round(seconds / stageSeconds)));
  const endMs = (index: number) => Math.round((index / count) * seconds * 1000);
  const perMinute = (ms: number) => Math.round(rateAt(fromSeconds + ms / 1000) * rateUnitSeconds);
  return {
    startRate: perMinute(0),
    timeUnit: '1m',
    stages: Array.from({ length: count }, (_, index) => ({
      duration: `${endMs(index + 1) - endMs(index)}ms`,
      target: perMinute(endMs(index + 1)),
    })),
  };
}

/** Total length of the stages in seconds. */
export function secondsOf({ stages }: Stages): number {
  return stages.reduce((ms, { duration }) => ms + Number.parseInt(duration, 10), 0) / 1000;
}

/** Requests per second at the end of each stage, the beginning first. */
export function ratesOf({ startRate, stages }: Stages): number[] {
  return [startRate, ...stages.map(({ target }) => target)].map((rate) => rate / rateUnitSeconds);
}

/** Total number of arrivals that the stages make. */
export function arrivalsOf({ startRate, stages }: Stages): number {
  let before = startRate;
  let arrivals = 0;
  for (const { duration, target } of stages) {
    arrivals += (((before + target) / 2) * Number.parseInt(duration, 10)) / 1000 / rateUnitSeconds;
    before = target;
  }
  return arrivals;
}
