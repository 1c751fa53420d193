import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as nextImmediate, setTimeout as sleep } from 'node:timers/promises';

/** What the event loop of this thread was blocked for at once, milliseconds of CPU of the machine that {@link usualMs} is of. */
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

/**
 * What {@link reference} takes on the machine on which bars of milliseconds were set. A machine that is slower gets as much more
 * time: a bar says how much is done at once, and not how old the machine is.
 */
const usualMs = 10;

/**
 * Measures the turns of the event loop while `work` goes on. CPU is how long a turn takes on a machine that does nothing else, and
 * it is counted in that of the usual machine, whose speed beside this one's is measured before the work and after it.
 */
export async function turnsDuring(work: () => Promise<unknown>): Promise<Turns> {
  const turns: Turn[] = [];
  const pauses: { readonly beganMs: number; readonly pauseMs: number }[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      pauses.push({ beganMs: startTime, pauseMs: duration });
  });
  const slowBefore = slowness();
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
  const slower = Math.max(slowBefore, slowness());
  const longestMs = Math.max(0, ...turns.map(withoutPauses)) / slower;
  return { longestMs, count, totalMs: totalMs / slower };

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

/** How many times as long as the usual machine this one takes, 1 at least. */
function slowness(): number {
  const times = 7;
  // One by one they would be shorter than what some kernels count CPU in.
  const before = now().cpuMs;
  for (let time = 0; time < times; time++) reference();
  return Math.max(1, (now().cpuMs - before) / times / usualMs);
}

/** Work of the kinds that a server does: it reads and writes JSON, and steps through numbers. */
function reference(): number {
  const told = JSON.stringify(
    Array.from({ length: 2000 }, (_, index) => ({ name: `web-${index}`, value: index * 1.37 })),
  );
  const numbers = new Float64Array(100_000);
  for (let round = 0; round < 4; round++)
    for (const { value } of JSON.parse(told) as { value: number }[])
      numbers[round] = (numbers[round] ?? 0) + Math.log1p(value);
  for (let round = 0; round < 10; round++)
    for (let index = 1; index < numbers.length; index++)
      numbers[index] = (numbers[index - 1] ?? 0) * 0.5 + index;
  return numbers.at(-1) ?? 0;
}
