import { toForescaleError } from '../../../platform/errors.ts';
import { tickSeconds } from './start-queries.ts';

/** Moments of a part: six hours, whose answer is small and whose cost is bounded. */
const usualMoments = 72;
/** Errors after which a smaller part may be answered. */
const tooMuch = ['too-large', 'source-timeout', 'source-rejected'];

/**
 * Sizes of the parts in which past moments are read. One that was too much is halved, down to one moment, and the size is kept.
 */
export function createPartSize() {
  let moments = usualMoments;
  return {
    /** The end of the part that begins after `fromSeconds`, unix seconds, at most `untilSeconds`. */
    endOf: (fromSeconds: number, untilSeconds: number) =>
      Math.min(untilSeconds, fromSeconds + moments * tickSeconds),
    /** Whether a part that failed may be tried again, smaller. */
    halve(error: unknown): boolean {
      if (moments === 1 || !tooMuch.includes(toForescaleError(error).code)) return false;
      moments = Math.max(1, Math.floor(moments / 2));
      return true;
    },
  };
}
