import { createWorkingWeek } from '../../load-shapes/index.ts';
import type { Clock } from '../../platform/clock.ts';

const daySeconds = 86_400;
const historyDays = 7;
/** Samples of one hour, whose mean is the rate of the hour. */
const samplesPerHour = 12;

export interface HistoricalHour {
  /** 1 is yesterday. */
  readonly daysAgo: number;
  /** 0–23, UTC. */
  readonly hour: number;
  /** Mean requests per second. */
  readonly rate: number;
}

/**
 * The simulated history of an app as of now: a working week with the given peak, computed again when a day has ended. It
 * depends on the name alone, so that replicas and restarts show the same history.
 */
export function createSimulatedHistory(app: string, peakRequestsPerSecond: number, clock: Clock) {
  const rateAt = createWorkingWeek({ peakRequestsPerSecond, seed: seedOf(app) });
  const offsets = Array.from({ length: samplesPerHour }, (_, i) => ((i + 0.5) / samplesPerHour) * 3600);
  let madeOn = Number.NaN;
  let hours: readonly HistoricalHour[] = [];
  return () => {
    const today = Math.floor(clock() / daySeconds);
    if (today === madeOn) return hours;
    madeOn = today;
    hours = Array.from({ length: historyDays * 24 }, (_, index) => {
      const daysAgo = 1 + Math.floor(index / 24);
      const hour = index % 24;
      const from = (today - daysAgo) * daySeconds + hour * 3600;
      const sum = offsets.reduce((total, offset) => total + rateAt(from + offset), 0);
      return { daysAgo, hour, rate: sum / samplesPerHour };
    });
    return hours;
  };
}

function seedOf(name: string): number {
  let seed = 0;
  for (const character of name) seed = (Math.imul(seed, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return seed;
}
