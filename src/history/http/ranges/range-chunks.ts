import type { RangeRequest, TimeSpan } from '../../source.ts';

/** A part of a range that is asked for in one request. */
export type RangeChunk = TimeSpan;

/** One part of a range, and of what: what is asked for in one request. */
export type RangePart = RangeChunk & Pick<RangeRequest, 'query' | 'stepSeconds'>;

/** Largest multiple of the step that is not after a moment. */
export function alignDown(unixSeconds: number, stepSeconds: number): number {
  return Math.floor(unixSeconds / stepSeconds) * stepSeconds;
}

/** Number of points of a range whose ends are aligned to the step. */
export function pointsOf({ startSeconds, endSeconds }: RangeChunk, stepSeconds: number): number {
  return endSeconds < startSeconds ? 0 : Math.round((endSeconds - startSeconds) / stepSeconds) + 1;
}

/** Splits an aligned range, oldest first, so that no part has more than `maxPoints` and no point is in two. */
export function rangeChunks(range: RangeChunk, stepSeconds: number, maxPoints: number): RangeChunk[] {
  const firstStep = Math.round(range.startSeconds / stepSeconds);
  const points = pointsOf(range, stepSeconds);
  const chunks: RangeChunk[] = [];
  // The loop counts steps, because adding up a fractional step would drift off the grid.
  for (let index = 0; index < points; index += maxPoints) {
    const last = Math.min(index + maxPoints, points) - 1;
    chunks.push({
      startSeconds: (firstStep + index) * stepSeconds,
      endSeconds: (firstStep + last) * stepSeconds,
    });
  }
  return chunks;
}
