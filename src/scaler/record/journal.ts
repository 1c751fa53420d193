/** Decisions of one workload in an entry of the journal. */
export interface JournalPiece {
  readonly workload: number;
  readonly bytes: Uint8Array;
}

const headBytes = 8;

/** An entry of the journal: what was appended at once, for each workload its number, the length, and the chunk. */
export function writeJournalEntry(pieces: readonly JournalPiece[]): Uint8Array {
  const length = pieces.reduce((sum, { bytes }) => sum + headBytes + bytes.length, 0);
  const entry = new Uint8Array(length);
  const view = new DataView(entry.buffer);
  let position = 0;
  for (const { workload, bytes } of pieces) {
    view.setUint32(position, workload);
    view.setUint32(position + 4, bytes.length);
    entry.set(bytes, position + headBytes);
    position += headBytes + bytes.length;
  }
  return entry;
}

/** The pieces of an entry. What is damaged ends it. */
export function* readJournalEntry(entry: Uint8Array): Generator<JournalPiece> {
  const view = new DataView(entry.buffer, entry.byteOffset, entry.byteLength);
  let position = 0;
  while (position + headBytes <= entry.length) {
    const end = position + headBytes + view.getUint32(position + 4);
    if (end > entry.length) return;
    yield { workload: view.getUint32(position), bytes: entry.subarray(position + headBytes, end) };
    position = end;
  }
}
