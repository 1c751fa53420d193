import type { LoadShape } from '../../src/load-shapes/index.ts';

/** What k6's ramping-arrival-rate executor takes: from one rate straight to the next. Rates are whole, per minute. */
export interface Stages {
  readonly startRate: number;
  readonly timeUnit: '1m';
  readonly stages: { readonly duration: string; readonly target: number }[];
}

/** A rate is a whole number to k6; by the minute a fifth of a request per second is still one. */
const rateUnitSeconds = 60;
/** k6 draws its own straight lines: more stages than these make no better curve and a long start. */
const maxStages = 2000;

/**
 * A shape from `fromSeconds` on as straight lines of about `stageSeconds` each, at most 2,000 of them, that
 * take `seconds` in all, to the millisecond. Throws a RangeError for times that are not above 0.
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

/** How long they take in all. */
export function secondsOf({ stages }: Stages): number {
  return stages.reduce((ms, { duration }) => ms + Number.parseInt(duration, 10), 0) / 1000;
}

/** Requests per second at the end of each stage, the beginning first. */
export function ratesOf({ startRate, stages }: Stages): number[] {
  return [startRate, ...stages.map(({ target }) => target)].map((rate) => rate / rateUnitSeconds);
}

/** How many arrivals the stages make. */
export function arrivalsOf({ startRate, stages }: Stages): number {
  let before = startRate;
  let arrivals = 0;
  for (const { duration, target } of stages) {
    arrivals += (((before + target) / 2) * Number.parseInt(duration, 10)) / 1000 / rateUnitSeconds;
    before = target;
  }
  return arrivals;
}
