import { writeSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded into a server before all else (`--import`): measures the CPU that each turn of its event loop takes, which is how long the
 * loop is blocked on a machine with nothing else to do. SIGUSR2 has it write the longest turns since the last time, as a line of JSON.
 */
interface Turn {
  readonly beganMs: number;
  readonly endedMs: number;
  readonly cpuMs: number;
}

/** Shorter turns are not remembered. */
const shortMs = 5;
let turns: Turn[] = [];
let pauses: { readonly beganMs: number; readonly pauseMs: number }[] = [];
let before = now();

function now() {
  const { user, system } = process.threadCpuUsage();
  return { atMs: performance.now(), cpuMs: (user + system) / 1000 };
}

function look(): void {
  const { atMs, cpuMs } = now();
  const turn = { beganMs: before.atMs, endedMs: atMs, cpuMs: cpuMs - before.cpuMs };
  if (turn.cpuMs > shortMs) turns.push(turn);
  before = { atMs, cpuMs };
  setTimeout(look, 1).unref();
}

/** What a turn took beside the pauses in which Node collected garbage. */
function withoutPauses({ beganMs, endedMs, cpuMs }: Turn): number {
  const inTurn = pauses.filter((pause) => pause.beganMs >= beganMs && pause.beganMs <= endedMs);
  return Math.max(0, cpuMs - inTurn.reduce((sum, { pauseMs }) => sum + pauseMs, 0));
}

if (isMainThread) {
  look();
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      if (duration > 1) pauses.push({ beganMs: startTime, pauseMs: duration });
    }
  }).observe({ entryTypes: ['gc'] });
  process.on('SIGUSR2', () => {
    const longestMs = Math.max(0, ...turns.map(({ cpuMs }) => cpuMs));
    const [ownMs = 0, nextMs = 0] = turns.map(withoutPauses).sort((a, b) => b - a);
    writeSync(2, `${JSON.stringify({ longestMs, ownMs, nextMs })}\n`);
    turns = [];
    pauses = [];
  });
}
