import type { History } from '../../source.ts';
import { severalSeries } from '../refusals.ts';
import type { RangeChunk } from './range-chunks.ts';
import type { RangeRows } from './range-rows.ts';

/** A part of a range with the rows that the source gave for it. */
export interface ReadPart extends RangeChunk {
  readonly rows: RangeRows;
}

/** Makes one history of the parts of a range, oldest first. Throws `several-series` where the parts are of different series. */
export function joinParts(parts: readonly ReadPart[], stepSeconds: number, remedy: string): History {
  const names = new Set(parts.flatMap(({ rows: { series } }) => (series === undefined ? [] : [series])));
  if (names.size > 1) throw severalSeries([...names], names.size, remedy, 'range');
  const history = {
    stepSeconds,
    timestamps: joined(parts.map(({ rows }) => rows.timestamps)),
    values: joined(parts.map(({ rows }) => rows.values)),
    warnings: [...new Set(parts.flatMap(({ rows }) => rows.warnings))],
  };
  const partial = parts.filter(({ rows }) => rows.isPartial);
  if (partial.length === 0) return history;
  const isCensored = new Uint8Array(history.timestamps.length);
  let end = 0;
  for (const { rows } of parts) {
    const start = end;
    end += rows.timestamps.length;
    if (rows.isPartial) isCensored.fill(1, start, end);
  }
  const partialSpans = partial.map(({ startSeconds, endSeconds }) => ({ startSeconds, endSeconds }));
  return { ...history, isCensored, partialSpans };
}

/** Puts arrays end to end. */
function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
