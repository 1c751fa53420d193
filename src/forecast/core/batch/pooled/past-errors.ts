import type { PooledSeries } from './pooled-series.ts';

/** Errors of the last two weeks of origins count. */
const mostOrigins = 28;
/** Origins whose errors tell how the combination errs of late. */
const recentOrigins = 4;

/** How the combination has erred before an origin, in square roots; NaN where nothing is known. */
export interface PastErrors {
  readonly mean: number;
  /** Mean error and its mean size, by step of the day. */
  readonly atSlot: Float64Array;
  readonly sizeAtSlot: Float64Array;
  /** Mean error in the newest `steps` steps. */
  ofLast(steps: number): number;
}

/** The errors of earlier paths that had come due at origin number `o`. */
export function pastErrors({ roots, origins, combined, day }: PooledSeries, o: number): PastErrors {
  const origin = origins[o]!;
  const atSlot = new Float64Array(day);
  const sizeAtSlot = new Float64Array(day);
  const counts = new Float64Array(day);
  /** Visits the errors of the last `paths` paths from step `first` on. */
  const visit = (paths: number, first: number, see: (step: number, error: number) => void) => {
    for (let earlier = Math.max(0, o - paths); earlier < o; earlier++) {
      const from = origins[earlier]!;
      const path = combined[earlier]!;
      const end = Math.min(origin, from + path.length);
      for (let step = Math.max(from, first); step < end; step++) see(step, roots[step]! - path[step - from]!);
    }
  };
  let sum = 0;
  let count = 0;
  visit(mostOrigins, 0, (step, error) => {
    const slot = step % day;
    atSlot[slot] = atSlot[slot]! + error;
    sizeAtSlot[slot] = sizeAtSlot[slot]! + Math.abs(error);
    counts[slot] = counts[slot]! + 1;
    sum += error;
    count++;
  });
  return {
    mean: sum / count,
    atSlot: atSlot.map((total, slot) => total / counts[slot]!),
    sizeAtSlot: sizeAtSlot.map((total, slot) => total / counts[slot]!),
    ofLast: (steps) => {
      let total = 0;
      let seen = 0;
      visit(recentOrigins, origin - steps, (_, error) => {
        total += error;
        seen++;
      });
      return total / seen;
    },
  };
}
