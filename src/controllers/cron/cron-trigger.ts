import type { CronExpression } from './cron-expression.ts';
import { localMinute } from './local-minute.ts';

const daySeconds = 86_400;

/** A trigger of KEDA's cron scaler. */
export interface CronTrigger {
  readonly start: CronExpression;
  readonly end: CronExpression;
  readonly desiredReplicas: number;
}

/** A moment that no calendar brings within this time never comes. */
const farthestSeconds = 5 * 366 * daySeconds;

/**
 * Replicas that a cron trigger asks for at times that rise; 0 outside its window. `offsetAt` gives the seconds that its time zone is
 * ahead of UTC. Source: keda pkg/scalers/cron_scaler.go: it is active unless the next start comes before the next end,
 * and robfig/cron gives a moment long ago for one that never comes.
 */
export function createCronReplicas(
  { start, end, desiredReplicas }: CronTrigger,
  offsetAt: (unixSeconds: number) => number,
): (unixSeconds: number) => number {
  let untilSeconds = Number.NEGATIVE_INFINITY;
  let replicas = 0;
  return (unixSeconds) => {
    if (unixSeconds < untilSeconds) return replicas;
    const nextStart = nextAfter(start, unixSeconds, offsetAt);
    const nextEnd = nextAfter(end, unixSeconds, offsetAt);
    untilSeconds = Math.min(nextStart, nextEnd);
    replicas = Number.isFinite(nextEnd) && nextEnd <= nextStart ? desiredReplicas : 0;
    return replicas;
  };
}

/** The first whole minute after a time that an expression names; Infinity where there is none. */
function nextAfter(
  expression: CronExpression,
  afterSeconds: number,
  offsetAt: (unixSeconds: number) => number,
): number {
  let at = Math.floor(afterSeconds / 60) * 60 + 60;
  while (at - afterSeconds < farthestSeconds) {
    const local = at + offsetAt(at);
    const calendar = localMinute(local);
    if (!expression.matchesDay(calendar)) at += daySeconds - (local % daySeconds);
    else if (!expression.matchesTime(calendar)) at += 60;
    else return at;
  }
  return Number.POSITIVE_INFINITY;
}
