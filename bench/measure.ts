import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Turn } from './turns.ts';

/**
 * Bytes of heap and array buffers in use after a full garbage collection. The event loop turns before, because what a weak reference
 * has led to is not collected within the same turn.
 */
export async function usedBytes(): Promise<number> {
  await nextTurn();
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') for (let i = 0; i < 3; i++) collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/**
 * CPU milliseconds of the whole process, garbage collector and compiler included; waiting for other programs does not count.
 */
export async function timed(run: () => Promise<void> | void): Promise<number> {
  const from = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

/** Median of several measurements, which other work on the machine changes less than their mean. */
export async function medianOf(runs: number, measure: () => Promise<number>, turn: Turn): Promise<number> {
  const all: number[] = [];
  for (let run = 0; run < runs; run++) {
    await turn();
    all.push(await measure());
  }
  return all.sort((a, b) => a - b)[Math.floor(runs / 2)]!;
}
