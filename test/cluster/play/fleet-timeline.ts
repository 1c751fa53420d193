import type { LoadShape } from '../../../src/load-shapes/index.ts';

/** A pod's life. Times are unix seconds. */
export interface PodLife {
  readonly app: string;
  readonly name: string;
  readonly created: number;
  readonly createdByServer: number;
  readonly ready: number | undefined;
  readonly readyByServer: number | undefined;
  /** When it was asked to end, from which on no Service sends it requests. */
  readonly gone: number | undefined;
}

/** A number of replicas from a moment on. */
export interface Step {
  readonly at: number;
  readonly replicas: number;
}

export const readyAt = (pods: readonly PodLife[], seconds: number): number =>
  pods.filter(({ ready, gone }) => ready !== undefined && ready <= seconds && (gone ?? Infinity) > seconds)
    .length;

export const askedAt = (steps: readonly Step[], seconds: number): number =>
  steps.findLast(({ at }) => at <= seconds)?.replicas ?? 0;

/** When a number of replicas was needed in a ramp, when it was asked for, and when it was ready. */
export interface RampStep {
  readonly replicas: number;
  readonly needed: number;
  /** Undefined where it was not within the time looked at. */
  readonly asked: number | undefined;
  readonly ready: number | undefined;
}

/** How finely moments are looked for. */
const tickSeconds = 0.25;

/**
 * Every number of replicas that a rising demand comes to need between two moments. Needed is the number whose target carries the
 * demand; what is asked for or ready counts from the beginning of that time on, and only as far as its end.
 */
export function rampSteps(
  fleet: { readonly pods: readonly PodLife[]; readonly asked: readonly Step[] },
  demand: LoadShape,
  target: number,
  [from, until]: readonly [number, number],
): readonly RampStep[] {
  const ticks = Array.from(
    { length: Math.floor((until - from) / tickSeconds) + 1 },
    (_, i) => from + i * tickSeconds,
  );
  const neededAt = (seconds: number) => Math.ceil(demand(seconds) / target);
  const most = Math.max(...ticks.map(neededAt));
  const steps: RampStep[] = [];
  for (let replicas = neededAt(from) + 1; replicas <= most; replicas++) {
    const needed = ticks.find((seconds) => neededAt(seconds) >= replicas) ?? until;
    steps.push({
      replicas,
      needed,
      asked: ticks.find((seconds) => askedAt(fleet.asked, seconds) >= replicas),
      ready: ticks.find((seconds) => readyAt(fleet.pods, seconds) >= replicas),
    });
  }
  return steps;
}

/** Seconds by which each step of a ramp was ready before it was needed; below 0 it was late, and −∞ means that it never was. */
export const leadsOf = (steps: readonly RampStep[]): readonly number[] =>
  steps.map(({ needed, ready }) => (ready === undefined ? -Infinity : needed - ready));

/** Sum of the replicas asked for over a time, in minutes. */
export function podMinutes(steps: readonly Step[], [from, until]: readonly [number, number]): number {
  let minutes = 0;
  const within = [
    { at: from, replicas: askedAt(steps, from) },
    ...steps.filter(({ at }) => at > from && at < until),
  ];
  for (const [index, { at, replicas }] of within.entries())
    minutes += (replicas * ((within[index + 1]?.at ?? until) - at)) / 60;
  return minutes;
}

/** Times from creation to readiness that were watched, seconds, shortest first. */
export const startUps = (pods: readonly PodLife[]): readonly number[] =>
  pods.flatMap(({ created, ready }) => (ready === undefined ? [] : [ready - created])).sort((a, b) => a - b);

/** The value below which a share of sorted values lies. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
