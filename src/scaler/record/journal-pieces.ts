import { bytesOf } from '../../platform/storage/sqlite/database-file.ts';
import { isWhole } from './chunk/chunk.ts';
import { readJournalEntry } from './journal.ts';
import type { Statements } from './record-file.ts';

/**
 * The pieces of some workloads that the journal has, each from an entry on, in one pass over it. Where they take more than `mostBytes`
 * the last of the workloads are left out, but never the first.
 */
export function readJournalPieces(
  statements: Pick<Statements, 'journal'>,
  since: ReadonlyMap<number, number>,
  mostBytes = Number.POSITIVE_INFINITY,
): ReadonlyMap<number, readonly Uint8Array[]> {
  const found = new Map([...since.keys()].map((workload): [number, Uint8Array[]] => [workload, []]));
  const leavable = [...since.keys()].slice(1);
  let heldBytes = 0;

  function leaveLastOut(): void {
    const last = leavable.pop();
    if (last === undefined) return;
    for (const { length } of found.get(last) ?? []) heldBytes -= length;
    found.delete(last);
  }

  if (since.size === 0) return found;
  for (const { id, bytes } of statements.journal.iterate(Math.min(...since.values()))) {
    for (const piece of readJournalEntry(bytesOf(bytes))) {
      const pieces = found.get(piece.workload);
      // What came before is in chunks already, and is here for the sake of others.
      const isNew = Number(id) >= (since.get(piece.workload) ?? Number.POSITIVE_INFINITY);
      if (pieces === undefined || !isNew || !isWhole(piece.bytes)) continue;
      // A copy: a part of the entry would keep all of it.
      pieces.push(piece.bytes.slice());
      heldBytes += piece.bytes.length;
    }
    while (heldBytes > mostBytes && leavable.length > 0) leaveLastOut();
  }
  return found;
}
