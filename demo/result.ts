import type { ScaleUpVerdict } from './scale-ups.ts';

/** The results of one fleet, from ready to the end. */
export interface FleetResult {
  readonly name: string;
  readonly replicas: { readonly min: number; readonly max: number; readonly changes: number };
  /** Requests sent to the fleet, rejected ones included. */
  readonly requests: number;
  /** Requests rejected with 503, or refused. */
  readonly shed: number;
  /** 95th percentile of the latencies of answered requests; null when none was answered. */
  readonly p95Ms: number | null;
  /** Replicas asked for × minutes. */
  readonly podMinutes: number;
  readonly scaleUps: ScaleUpVerdict;
}

/**
 * The sentence the demo ends with: `reactive: 412 requests shed, p95 1.9 s; Forescale: 3, 120 ms; 4 % more pod-minutes`.
 */
export function verdictOf(fleets: readonly FleetResult[]): string {
  const of = (name: string) => fleets.find((fleet) => fleet.name === name);
  const [reactive, forescale] = [of('reactive'), of('forescale')];
  if (reactive === undefined || forescale === undefined || reactive.requests === 0)
    return 'ended before there was anything to compare';
  return [
    `reactive: ${reactive.shed} requests shed, p95 ${formatLatency(reactive.p95Ms)}`,
    `Forescale: ${forescale.shed}, ${formatLatency(forescale.p95Ms)}`,
    `${formatMore(forescale.podMinutes / reactive.podMinutes - 1)} pod-minutes`,
  ].join('; ');
}

/** `42 ms`, `1.9 s`, `–`. */
export function formatLatency(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  return ms < 1_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** `4 % more`, `3 % fewer`, `as many`. */
function formatMore(ratio: number): string {
  const percent = Math.round(100 * ratio);
  if (!Number.isFinite(percent) || percent === 0) return 'as many';
  return `${Math.abs(percent)} % ${percent > 0 ? 'more' : 'fewer'}`;
}
