import { formatDuration } from '../../../platform/duration.ts';
import { ForescaleError } from '../../../platform/errors.ts';
import { TooMuchAtOnce } from '../refusals.ts';
import type { ReadPart } from './joined-parts.ts';
import type { PartSizes } from './part-sizes.ts';
import { pointsOf, type RangePart, rangeChunks } from './range-chunks.ts';
import type { RangeRows } from './range-rows.ts';

/**
 * Reads a part of a range, in halves of it where the source refuses it as too much at once, down to an hour. The size that is not
 * refused is remembered, for what is still to be read and for later ranges of the query.
 */
export async function readPart(
  part: RangePart,
  sizes: PartSizes,
  ask: (part: RangePart) => Promise<RangeRows>,
): Promise<ReadPart[]> {
  const { stepSeconds, startSeconds, endSeconds } = part;
  const points = pointsOf(part, stepSeconds);
  const most = sizes.points(part);
  if (points > most) {
    const read: ReadPart[] = [];
    for (const chunk of rangeChunks(part, stepSeconds, most)) {
      read.push(...(await readPart({ ...part, ...chunk }, sizes, ask)));
    }
    return read;
  }
  try {
    return [{ startSeconds, endSeconds, rows: await ask(part) }];
  } catch (error) {
    if (!(error instanceof TooMuchAtOnce)) throw error;
    if (!sizes.halve(part, points)) throw refusedWhole(error, part);
    return readPart(part, sizes, ask);
  }
}

function refusedWhole(error: ForescaleError, { startSeconds, endSeconds, stepSeconds }: RangePart) {
  const length = formatDuration(Math.max(stepSeconds, endSeconds - startSeconds));
  return new ForescaleError(error.code, `${error.message}; a part of ${length} is refused like longer ones`, {
    cause: error,
  });
}
