import type { Forecaster } from '../core/index.ts';

/** From when on rows of a history are judged, unix seconds. */
export interface JudgedSpan {
  readonly fromSeconds: number;
  /** Followers are given rows from then on: bounds of peaks are known. */
  readonly followedSeconds: number;
  /** The bounds of peaks are calibrated from then on. */
  readonly calibratedSeconds: number;
}

/** What of a history is judged: all of it, its end, which its first rows tell, or what begins at a moment. */
export type Judging = 'all' | 'its end' | JudgedSpan;

/** A boundary at a whole day, of sixteen that are judged, is the same for replicas that start within one. */
const parts = 16;
/** The bounds of peaks need the first of these parts; a play of decisions takes the rest, which is two weeks. */
const partsBeforePlays = 2;

/**
 * The end of a long history that is to be judged; before it is the far past, which no forecast of the nearest hours would remember:
 * to judge all would cost several times as much. It is the number of rows that counts, because after a gap fewer are remembered of a
 * span. Undefined where all of them are to be judged.
 */
export function judgedSpanOf(
  {
    judgedSeconds,
    calibratedSeconds,
    stepSeconds,
  }: Pick<Forecaster, 'judgedSeconds' | 'calibratedSeconds' | 'stepSeconds'>,
  timestamps: Float64Array,
): JudgedSpan | undefined {
  const first = timestamps.at(-Math.ceil(judgedSeconds / stepSeconds));
  if (first === undefined) return undefined;
  const partSeconds = judgedSeconds / parts;
  const fromSeconds = Math.floor(first / partSeconds) * partSeconds;
  if (fromSeconds <= (timestamps[0] ?? 0)) return undefined;
  const followedSeconds = fromSeconds + partsBeforePlays * partSeconds;
  return { fromSeconds, followedSeconds, calibratedSeconds: followedSeconds + calibratedSeconds };
}
