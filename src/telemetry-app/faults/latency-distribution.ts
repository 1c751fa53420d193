import { probit } from 'simple-statistics';
import { parseNumber } from '../setting.ts';

/** How long requests wait before they are worked on. Every kind is a quantile function: one draw, one wait. */
export type LatencyDistribution =
  | { readonly kind: 'fixed'; readonly ms: number }
  | { readonly kind: 'uniform'; readonly lowMs: number; readonly highMs: number }
  | { readonly kind: 'quantiles'; readonly p50Ms: number; readonly p90Ms: number; readonly p99Ms: number }
  /** `sigma` is the standard deviation of the logarithm: 0.5 puts the p99 at 3.2 times the median. */
  | { readonly kind: 'lognormal'; readonly medianMs: number; readonly sigma: number };

/** As a sentence goes on after "must be". */
export const latencyAllowed =
  'fixed:MS, uniform:LOW-HIGH, quantiles:P50/P90/P99 or lognormal:MEDIAN,SIGMA, in milliseconds up to 600000, ascending, SIGMA up to 3; such as quantiles:20/80/300';

export const longestLatencyMs = 600_000;
const largestSigma = 3;
/** Chance is drawn with 32 bits: nothing lies beyond. */
const highestDraw = 1 - 2 ** -32;

/** Of the texts that `latencyAllowed` tells of; undefined for any other. */
export function parseLatency(text: string): LatencyDistribution | undefined {
  const [kind = '', values = '', ...more] = text.split(':');
  if (more.length > 0) return undefined;
  const milliseconds = (separator: string, count: number): number[] => {
    const parts = values.split(separator);
    const numbers = parts.flatMap((part) => parseNumber(part.trim(), 0, longestLatencyMs) ?? []);
    const isAscending = numbers.every((ms, i) => ms >= (numbers[i - 1] ?? 0));
    return parts.length === count && numbers.length === count && isAscending ? numbers : [];
  };
  switch (kind.trim()) {
    case 'fixed': {
      const [ms] = milliseconds(',', 1);
      return ms === undefined ? undefined : { kind: 'fixed', ms };
    }
    case 'uniform': {
      const [lowMs, highMs] = milliseconds('-', 2);
      return lowMs === undefined || highMs === undefined ? undefined : { kind: 'uniform', lowMs, highMs };
    }
    case 'quantiles': {
      const [p50Ms, p90Ms, p99Ms] = milliseconds('/', 3);
      if (p50Ms === undefined || p90Ms === undefined || p99Ms === undefined) return undefined;
      return { kind: 'quantiles', p50Ms, p90Ms, p99Ms };
    }
    case 'lognormal': {
      const [median = '', spread = '', ...rest] = values.split(',');
      const medianMs = parseNumber(median.trim(), 0, longestLatencyMs);
      const sigma = parseNumber(spread.trim(), 0, largestSigma);
      if (medianMs === undefined || sigma === undefined || rest.length > 0) return undefined;
      return { kind: 'lognormal', medianMs, sigma };
    }
  }
  return undefined;
}

/** Milliseconds that a share of `probability` of the requests does not wait longer than; probability in [0, 1). */
export function latencyQuantile(distribution: LatencyDistribution, probability: number): number {
  switch (distribution.kind) {
    case 'fixed':
      return distribution.ms;
    case 'uniform':
      return distribution.lowMs + probability * (distribution.highMs - distribution.lowMs);
    case 'quantiles':
      return interpolated(distribution, probability);
    case 'lognormal': {
      const { medianMs, sigma } = distribution;
      return Math.min(longestLatencyMs, medianMs * Math.exp(sigma * probit(probability)));
    }
  }
}

/** No request waits longer. */
export function longestWaitMs(distribution: LatencyDistribution): number {
  return latencyQuantile(distribution, highestDraw);
}

/**
 * Straight lines between the quantiles given; the fastest takes half of the median and the slowest half as long again
 * as the p99, for services have neither answers in no time nor a longest one at their p99.
 */
function interpolated(
  { p50Ms, p90Ms, p99Ms }: LatencyDistribution & { kind: 'quantiles' },
  probability: number,
): number {
  if (probability < 0.5) return between(p50Ms / 2, p50Ms, probability / 0.5);
  if (probability < 0.9) return between(p50Ms, p90Ms, (probability - 0.5) / 0.4);
  if (probability < 0.99) return between(p90Ms, p99Ms, (probability - 0.9) / 0.09);
  return between(p99Ms, Math.min(longestLatencyMs, p99Ms * 1.5), (probability - 0.99) / 0.01);
}

function between(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}
