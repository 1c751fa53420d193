import type { RangePart } from '../http/ranges/range-chunks.ts';
import { createRowPacker, type RangeRows } from '../http/ranges/range-rows.ts';
import { readSample } from './wire-sample.ts';

/** What is said of the series that the rows are of. */
interface About {
  readonly series?: string | undefined;
  readonly warnings?: readonly string[];
  readonly isPartial?: boolean;
}

/** The rows of one series as the API wrote them, or undefined where they are none. */
export function readSeriesRows(
  samples: unknown,
  part: RangePart,
  { series, warnings = [], isPartial = false }: About = {},
): RangeRows | undefined {
  if (!Array.isArray(samples)) return undefined;
  const packer = createRowPacker(samples.length, part);
  for (const wire of samples as readonly unknown[]) {
    const sample = readSample(wire);
    if (sample === undefined || !packer.add(sample.unixSeconds, sample.value)) return undefined;
  }
  return packer.rows(series, warnings, isPartial);
}
