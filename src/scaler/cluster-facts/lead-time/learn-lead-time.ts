import { startUpQuantile } from './start-up-quantile.ts';

/** Lead time learned from the starts of a workload's pods. */
export interface LearnedLeadTime {
  /** 95 % of the starts are ready within this time, seconds. */
  readonly p95Seconds: number;
  /** What decisions use: it follows the p95, within bounds, without following every start. */
  readonly seconds: number;
  /** How many starts it was learned from. */
  readonly starts: number;
}

/** Starts in order of time. */
export interface KnownStarts {
  /** Seconds above 0. */
  readonly durations: readonly number[];
  /** Unix seconds at which each was ready. */
  readonly readySeconds: readonly number[];
}

/** Fewer starts than this say nothing. */
export const fewestStarts = 10;
/** Newest starts that count. The p95 of as many lognormal ones of σ 0.3 is within 10 % in 98 of 100 cases, of 100 in 90. */
const countedStarts = 300;
/** Starts of one period that are followed one by one. */
const followedStarts = 60;
/** Newest starts that are needed. */
export const neededStarts = countedStarts + followedStarts;
/** Bounds of what is used. A pod that takes longer than the longest does not come for what is foreseen now. */
const shortestSeconds = 10;
export const longestSeconds = 1800;
/**
 * What is used is renewed at whole multiples of the longest of these periods in which there are few starts. With each change
 * of it the past is played again, so that it does not change with every start.
 */
const periodsSeconds = [6 * 3_600, 3_600, 300] as const;
/** What is used is a whole power of this, and rises within a period where the p95 is above it by more than the second. */
const stepRatio = 1.05;
const riseRatio = 1.1;
/** What is used falls by no more than this with a period. */
const fallRatio = 0.75;

/**
 * Learns the lead time from the starts before `atSeconds`. It depends on the newest `neededStarts` and the time alone, so that
 * replicas agree, and is undefined for fewer than `fewestStarts`.
 */
export function learnLeadTime(starts: KnownStarts, atSeconds: number): LearnedLeadTime | undefined {
  const count = starts.durations.length;
  if (count < fewestStarts) return undefined;
  const p95Seconds = p95Of(starts, count);
  const seconds = Math.min(Math.max(usedSeconds(starts, atSeconds), shortestSeconds), longestSeconds);
  // Starts are known to the second.
  const shown = Math.round(10 * p95Seconds) / 10;
  return { p95Seconds: shown, seconds: Math.ceil(seconds), starts: Math.min(count, countedStarts) };
}

/** The p95 as it was known after the first `count` starts. */
function p95Of({ durations }: KnownStarts, count: number): number {
  return startUpQuantile(durations.slice(Math.max(0, count - countedStarts), count), 0.95);
}

function usedSeconds(starts: KnownStarts, atSeconds: number): number {
  const { periodSeconds, fromSeconds } = periodAt(starts, atSeconds);
  const count = starts.durations.length;
  const first = Math.max(fewestStarts, readyBefore(starts, fromSeconds));
  const before = readyBefore(starts, fromSeconds - periodSeconds);
  const least = before < fewestStarts ? 0 : fallRatio * p95Of(starts, before);
  let used = wholeStep(Math.max(p95Of(starts, first), least));
  for (let known = first + 1; known <= count; known++) {
    const p95Seconds = p95Of(starts, known);
    if (p95Seconds > used * riseRatio) used = wholeStep(p95Seconds);
  }
  return used;
}

/** The period of now, and its beginning. */
function periodAt(starts: KnownStarts, atSeconds: number) {
  const periods = periodsSeconds.map((periodSeconds) => ({
    periodSeconds,
    fromSeconds: Math.floor(atSeconds / periodSeconds) * periodSeconds,
  }));
  const isFew = ({ fromSeconds }: { readonly fromSeconds: number }) =>
    starts.durations.length - readyBefore(starts, fromSeconds) <= followedStarts;
  return periods.find(isFew) ?? { periodSeconds: 0, fromSeconds: Number.POSITIVE_INFINITY };
}

function readyBefore({ readySeconds }: KnownStarts, seconds: number): number {
  const next = readySeconds.findIndex((ready) => ready >= seconds);
  return next < 0 ? readySeconds.length : next;
}

function wholeStep(seconds: number): number {
  return stepRatio ** Math.round(Math.log(seconds) / Math.log(stepRatio));
}
