import type { RecordedDecision } from '../../forecast/index.ts';
import { decodeChunk, isWhole } from './chunk/chunk.ts';
import { type KeptChunk, spanOf } from './keeper.ts';

/** A chunk with its span. */
export function chunkOf(bytes: Uint8Array): KeptChunk {
  return { ...spanOf(decisionsOf(bytes)), bytes };
}

/** The decisions of a chunk; none where it is damaged. */
export function decisionsOf(bytes: Uint8Array): readonly RecordedDecision[] {
  return isWhole(bytes) ? decodeChunk(bytes).map(({ decision }) => decision) : [];
}
