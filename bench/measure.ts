import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of heap and array buffers in use after a full garbage collection. */
export function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') for (let i = 0; i < 3; i++) collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/**
 * CPU milliseconds of the whole process, garbage collector and compiler included; waiting for other programs does not count.
 */
export function timed(run: () => void): number {
  const from = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

/** Median of several measurements, which other work on the machine changes less than their mean. */
export function medianOf(runs: number, measure: () => number): number {
  const all = Array.from({ length: runs }, measure).sort((a, b) => a - b);
  return all[Math.floor(runs / 2)]!;
}
