import { type Demand, tickSeconds } from '../demand.ts';
import type { Timeline } from './timeline.ts';

/** A stretch of time in which a policy was short. */
export interface ShortWindow {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** Time in which demand was above what the ready replicas carried. */
  readonly shortSeconds: number;
  /** Demand above what they carried ÷ all demand of the window, 0–1. */
  readonly unservedShare: number;
  readonly highestDemand: number;
  readonly fewestReady: number;
}

export interface WindowRequest {
  readonly demand: Demand;
  readonly timeline: Timeline;
  /** Demand that one replica carries. */
  readonly capacity: number;
  readonly fromTick: number;
  readonly toTick: number;
  /** Length of a window, seconds (default: an hour). Windows begin at its multiples. */
  readonly windowSeconds?: number;
  readonly atMost?: number;
}

/** The windows with the most demand that was not served, worst first; none in which nothing was short. */
export function worstWindows(request: WindowRequest): readonly ShortWindow[] {
  const { demand, fromTick, toTick, windowSeconds = 3600, atMost = 5 } = request;
  const ready = request.timeline.ready(fromTick, toTick);
  const windowOf = (tick: number) => Math.floor((demand.firstSeconds + tick * tickSeconds) / windowSeconds);
  const windows: (ShortWindow & { readonly unserved: number })[] = [];
  for (let tick = fromTick; tick < toTick; ) {
    const window = windowOf(tick);
    const begin = tick;
    while (tick < toTick && windowOf(tick) === window) tick++;
    const one = judge(request, ready, begin, tick);
    if (one.shortSeconds > 0) windows.push(one);
  }
  return windows
    .sort((a, b) => b.unserved - a.unserved)
    .slice(0, atMost)
    .map(({ unserved: _, ...window }) => window);
}

function judge({ demand, capacity, fromTick }: WindowRequest, ready: Int32Array, begin: number, end: number) {
  let [shortTicks, unserved, demanded, highestDemand] = [0, 0, 0, 0];
  let fewestReady = Number.POSITIVE_INFINITY;
  for (let tick = begin; tick < end; tick++) {
    const value = demand.ticks[tick]!;
    if (Number.isNaN(value)) continue;
    const carried = ready[tick - fromTick]! * capacity;
    demanded += value;
    highestDemand = Math.max(highestDemand, value);
    fewestReady = Math.min(fewestReady, ready[tick - fromTick]!);
    if (value <= carried) continue;
    shortTicks++;
    unserved += value - carried;
  }
  return {
    fromSeconds: demand.firstSeconds + begin * tickSeconds,
    toSeconds: demand.firstSeconds + end * tickSeconds,
    shortSeconds: shortTicks * tickSeconds,
    unservedShare: demanded === 0 ? 0 : unserved / demanded,
    highestDemand,
    fewestReady,
    unserved,
  };
}
