import type { ScaleUpVerdict } from '../scale-ups.ts';
import { scenario } from '../scenario.ts';

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
  const { reactive, forescale } = bothOf(fleets);
  if (reactive === undefined || forescale === undefined || reactive.requests === 0)
    return 'ended before there was anything to compare';
  return [
    `reactive: ${reactive.shed} requests shed, p95 ${formatLatency(reactive.p95Ms)}`,
    `Forescale: ${forescale.shed}, ${formatLatency(forescale.p95Ms)}`,
    `${formatMore(forescale.podMinutes / reactive.podMinutes - 1)} pod-minutes`,
  ].join('; ');
}

/** Replica-hours of the simulated day that some minutes of a replica in the demo stand for. */
export function simulatedReplicaHours(podMinutes: number): number {
  return podMinutes * (1440 / scenario.daySeconds);
}

/**
 * What both fleets cost, in money: `At 0.05 per replica-hour: reactive 4.35, Forescale 4.68; 0.33 more, 0.0015 for each of the 221
 * requests that were not rejected.` Undefined where there is nothing to compare.
 */
export function moneyOf(fleets: readonly FleetResult[], pricePerReplicaHour: number): string | undefined {
  const { reactive, forescale } = bothOf(fleets);
  if (reactive === undefined || forescale === undefined || reactive.requests === 0) return undefined;
  const [before, after] = [reactive, forescale].map(
    ({ podMinutes }) => simulatedReplicaHours(podMinutes) * pricePerReplicaHour,
  ) as [number, number];
  const spared = reactive.shed - forescale.shed;
  const more = after - before;
  const each =
    spared > 0 && more > 0
      ? `, ${(more / spared).toPrecision(2)} for each of the ${spared} requests that were not rejected`
      : '';
  const difference = `${Math.abs(more).toFixed(2)} ${more < 0 ? 'less' : 'more'}`;
  return `At ${pricePerReplicaHour} per replica-hour: reactive ${before.toFixed(2)}, Forescale ${after.toFixed(2)}; ${difference}${each}.`;
}

/** Both fleets by what scales them. */
function bothOf(fleets: readonly FleetResult[]) {
  const of = (name: string) => fleets.find((fleet) => fleet.name === name);
  return { reactive: of('reactive'), forescale: of('forescale') };
}

/** The fleets in the order in which every screen has them: the reactive rule first, then what Forescale makes of it. */
export function reactiveFirst<F extends { readonly name: string }>(fleets: readonly F[]): readonly F[] {
  return fleets.toSorted((a, b) => Number(b.name === 'reactive') - Number(a.name === 'reactive'));
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
