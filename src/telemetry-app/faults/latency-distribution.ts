import { probit } from 'simple-statistics';
import { type Kind, number } from '../../platform/setting-values.ts';

/** How long requests wait before they are worked on. Every kind is a quantile function: one draw gives one wait. */
export type LatencyDistribution =
  | { readonly kind: 'fixed'; readonly ms: number }
  | { readonly kind: 'uniform'; readonly lowMs: number; readonly highMs: number }
  | { readonly kind: 'quantiles'; readonly p50Ms: number; readonly p90Ms: number; readonly p99Ms: number }
  /** `sigma` is the standard deviation of the logarithm: 0.5 puts the p99 at 3.2 times the median. */
  | { readonly kind: 'lognormal'; readonly medianMs: number; readonly sigma: number };

export const longestLatencyMs = 600_000;
const waits = number({ from: 0, to: longestLatencyMs });
const sigmas = number({ from: 0, to: 3 });
/** Chance is drawn with 32 bits: this is the highest probability that can be drawn. */
const highestDraw = 1 - 2 ** -32;

/** A latency distribution as text, such as `quantiles:20/80/300`. */
export const latency: Kind<LatencyDistribution> = {
  allowed: `fixed:MS, uniform:LOW-HIGH, quantiles:P50/P90/P99 or lognormal:MEDIAN,SIGMA, in milliseconds up to ${longestLatencyMs}, ascending, SIGMA up to 3; such as quantiles:20/80/300`,
  parse(text) {
    const [kind = '', values = '', ...more] = text.split(':');
    return more.length > 0 ? undefined : parsers[kind.trim()]?.(values);
  },
};

const parsers: Readonly<Record<string, (values: string) => LatencyDistribution | undefined>> = {
  fixed(values) {
    const [ms] = ascending(values, ',', 1);
    return ms === undefined ? undefined : { kind: 'fixed', ms };
  },
  uniform(values) {
    const [lowMs, highMs] = ascending(values, '-', 2);
    return lowMs === undefined || highMs === undefined ? undefined : { kind: 'uniform', lowMs, highMs };
  },
  quantiles(values) {
    const [p50Ms, p90Ms, p99Ms] = ascending(values, '/', 3);
    if (p50Ms === undefined || p90Ms === undefined || p99Ms === undefined) return undefined;
    return { kind: 'quantiles', p50Ms, p90Ms, p99Ms };
  },
  lognormal(values) {
    const [median = '', spread = '', ...more] = values.split(',');
    const medianMs = waits.parse(median);
    const sigma = sigmas.parse(spread);
    if (medianMs === undefined || sigma === undefined || more.length > 0) return undefined;
    return { kind: 'lognormal', medianMs, sigma };
  },
};

/** `count` ascending milliseconds; nothing where the text is anything else. */
function ascending(text: string, separator: string, count: number): readonly number[] {
  const numbers = text.split(separator).map((part) => waits.parse(part) ?? Number.NaN);
  const isAscending = numbers.every((ms, i) => ms >= (numbers[i - 1] ?? 0));
  return numbers.length === count && isAscending ? numbers : [];
}

/** Milliseconds that a share of `probability` of the requests does not wait longer than; probability in [0, 1). */
export function latencyQuantile(distribution: LatencyDistribution, probability: number): number {
  switch (distribution.kind) {
    case 'fixed':
      return distribution.ms;
    case 'uniform':
      return between(distribution.lowMs, distribution.highMs, probability);
    case 'quantiles':
      return interpolated(distribution, probability);
    case 'lognormal': {
      const { medianMs, sigma } = distribution;
      return Math.min(longestLatencyMs, medianMs * Math.exp(sigma * probit(probability)));
    }
  }
}

/** Milliseconds that no request waits longer than. */
export function longestWaitMs(distribution: LatencyDistribution): number {
  return latencyQuantile(distribution, highestDraw);
}

/**
 * Straight lines between the given quantiles. The shortest wait is half of the median and the longest is one and a half times
 * the p99, since services neither answer in no time nor have their longest wait at the p99.
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
