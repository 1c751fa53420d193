import { createWorkingWeek, type LoadShape } from '../../load-shapes/index.ts';
import type { Clock } from '../../platform/clock.ts';

const hourSeconds = 3600;
const daySeconds = 86_400;
const historyDays = 7;
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
export function createSimulatedHistory(
  app: string,
  peakRequestsPerSecond: number,
  clock: Clock,
): () => readonly HistoricalHour[] {
  const rateAt = createWorkingWeek({ peakRequestsPerSecond, seed: seedOf(app) });
  let madeOn = Number.NaN;
  let hours: readonly HistoricalHour[] = [];
  return () => {
    const today = Math.floor(clock() / daySeconds);
    if (today !== madeOn) [madeOn, hours] = [today, hoursBefore(today * daySeconds, rateAt)];
    return hours;
  };
}

/** Mean rate of each hour of the seven days before `midnight` (unix seconds, UTC). */
function hoursBefore(midnight: number, rateAt: LoadShape): HistoricalHour[] {
  return Array.from({ length: historyDays * 24 }, (_, index) => {
    const daysAgo = 1 + Math.floor(index / 24);
    const hour = index % 24;
    return { daysAgo, hour, rate: meanRate(rateAt, midnight - daysAgo * daySeconds + hour * hourSeconds) };
  });
}

function meanRate(rateAt: LoadShape, from: number): number {
  let sum = 0;
  for (let i = 0; i < samplesPerHour; i++) sum += rateAt(from + ((i + 0.5) / samplesPerHour) * hourSeconds);
  return sum / samplesPerHour;
}

function seedOf(name: string): number {
  let seed = 0;
  for (const character of name) seed = (Math.imul(seed, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return seed;
}
