import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as nextImmediate, setTimeout as sleep } from 'node:timers/promises';

/** What the event loop of this thread was blocked for at once, milliseconds of CPU. */
export interface Turns {
  /** The longest turn beside the pauses in which Node collected garbage. */
  readonly longestMs: number;
  /** How many turns there were, and what all of them took together. */
  readonly count: number;
  readonly totalMs: number;
}

interface Turn {
  readonly beganMs: number;
  readonly endedMs: number;
  readonly cpuMs: number;
}

/** Shorter turns are counted and not remembered. */
const shortMs = 2;

/** Measures the turns of the event loop while `work` goes on. CPU is how long a turn takes on a machine that does nothing else. */
export async function turnsDuring(work: () => Promise<unknown>): Promise<Turns> {
  const turns: Turn[] = [];
  const pauses: { readonly beganMs: number; readonly pauseMs: number }[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      pauses.push({ beganMs: startTime, pauseMs: duration });
  });
  observer.observe({ entryTypes: ['gc'] });
  let isOver = false;
  let count = 0;
  let totalMs = 0;
  const looking = look();
  try {
    await work();
  } finally {
    isOver = true;
    await looking;
    // Node tells of the last pauses in a turn of their own.
    await sleep(1);
    observer.disconnect();
  }
  const longestMs = Math.max(0, ...turns.map(withoutPauses));
  return { longestMs, count, totalMs };

  async function look(): Promise<void> {
    let before = now();
    while (!isOver) {
      await nextImmediate();
      const after = now();
      const turn = { beganMs: before.atMs, endedMs: after.atMs, cpuMs: after.cpuMs - before.cpuMs };
      if (turn.cpuMs > shortMs) turns.push(turn);
      count++;
      totalMs += turn.cpuMs;
      before = after;
    }
  }

  function withoutPauses({ beganMs, endedMs, cpuMs }: Turn): number {
    const inTurn = pauses.filter((pause) => pause.beganMs >= beganMs && pause.beganMs <= endedMs);
    return Math.max(0, cpuMs - inTurn.reduce((sum, { pauseMs }) => sum + pauseMs, 0));
  }
}

function now() {
  const { user, system } = process.threadCpuUsage();
  return { atMs: performance.now(), cpuMs: (user + system) / 1000 };
}
