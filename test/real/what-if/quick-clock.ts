import { setTimeout as sleep } from 'node:timers/promises';
import type { Timers } from '../../../src/keda-sim/index.ts';
import { type Clock, systemClock } from '../../../src/platform/clock.ts';

/** Time that passes `speed` times as fast as on the wall, and began at `startSeconds` when it was `wallStartSeconds`; unix seconds. */
export interface QuickTime {
  readonly startSeconds: number;
  readonly wallStartSeconds: number;
  readonly speed: number;
}

/** A clock that processes share: each reads the same time from the wall. */
export function createQuickClock(
  { startSeconds, wallStartSeconds, speed }: QuickTime,
  wall: Clock = systemClock,
): Clock {
  return () => startSeconds + (wall() - wallStartSeconds) * speed;
}

/** Waits in that time. */
export function createQuickTimers({ speed }: QuickTime): Timers {
  return {
    async wait(seconds, signal) {
      await sleep((seconds * 1000) / speed, undefined, { signal }).catch(() => undefined);
    },
  };
}

/** Environment that starts a program of ours in that time. */
export function quickEnvironment(time: QuickTime): Record<string, string> {
  return {
    QUICK_TIME: JSON.stringify(time),
    NODE_OPTIONS: `--import ${new URL('quick-process.ts', import.meta.url).href}`,
  };
}
