import type { DatabaseSync } from 'node:sqlite';
import { bytesOf, inTransaction } from '../../platform/storage/sqlite/database-file.ts';
import { decodeChunk, isWhole } from './chunk/chunk.ts';
import { addToChunks } from './file-chunks.ts';
import { readJournalEntry } from './journal.ts';
import { decisionsOf } from './kept-bytes.ts';
import type { Statements } from './record-file.ts';

/** Age at which decisions of the journal are put into the chunk of their workload. */
const journalSeconds = 600;
/** Workloads whose decisions are put into chunks in one go, because each go reads the journal. */
const joinedAtOnce = 16;

/** What of the journal is not in the chunks of a workload yet. */
interface Unjoined {
  /** Entry of the journal with its first decision, and that decision's time. */
  readonly firstEntry: number;
  readonly firstSeconds: number;
}

/** The newest decisions, which are in the journal and not yet in the chunks of their workloads. */
export interface FileJournal {
  /** The newest entry. */
  lastEntry(): number;
  /** Takes note of pieces that were written in an entry, by the number of their workload. */
  noteEntry(
    entry: number,
    pieces: readonly { readonly workload: number; readonly bytes: Uint8Array }[],
  ): void;
  /** The pieces of each of some workloads. */
  piecesOf(workloads: readonly number[]): ReadonlyMap<number, readonly Uint8Array[]>;
  /** Time of the first decision of a workload that is in no chunk yet. */
  firstSecondsOf(workload: number): number | undefined;
  /** Puts what is old enough into chunks, of some workloads at a time; false where nothing is. */
  join(nowSeconds: number): boolean;
}

/** Reads what was not put into chunks before the server ended. */
export function openFileJournal(db: DatabaseSync, statements: Statements): FileJournal {
  /** By the number of the workload, in the order of the first decision. */
  const unjoined = new Map<number, Unjoined>();
  const joined = new Map(statements.joined.all().map(({ id, joined }) => [Number(id), Number(joined)]));
  let lastEntry = Math.max(0, ...joined.values());
  for (const { id, bytes } of statements.journal.iterate(0)) {
    lastEntry = Math.max(lastEntry, Number(id));
    for (const piece of readJournalEntry(bytesOf(bytes))) {
      if (Number(id) > (joined.get(piece.workload) ?? 0)) note(Number(id), piece.workload, piece.bytes);
    }
  }

  function note(entry: number, workload: number, bytes: Uint8Array): void {
    if (unjoined.has(workload) || !isWhole(bytes)) return;
    const [first] = decodeChunk(bytes);
    unjoined.set(workload, { firstEntry: entry, firstSeconds: first?.decision.atSeconds ?? 0 });
  }

  /** The decisions in the journal of some workloads. */
  function piecesOf(workloads: readonly number[]): Map<number, Uint8Array[]> {
    const wanted = new Map(workloads.map((workload): [number, Uint8Array[]] => [workload, []]));
    const entries = workloads.flatMap((workload) => unjoined.get(workload)?.firstEntry ?? []);
    if (entries.length === 0) return wanted;
    for (const { id, bytes } of statements.journal.iterate(Math.min(...entries))) {
      for (const piece of readJournalEntry(bytesOf(bytes))) {
        // What came before is in chunks already, and is here for the sake of others.
        const isNew = Number(id) >= (unjoined.get(piece.workload)?.firstEntry ?? Number.POSITIVE_INFINITY);
        if (isNew && isWhole(piece.bytes)) wanted.get(piece.workload)?.push(piece.bytes);
      }
    }
    return wanted;
  }

  function join(nowSeconds: number): boolean {
    const due = [...unjoined]
      .filter(([, { firstSeconds }]) => Math.abs(nowSeconds - firstSeconds) > journalSeconds)
      .slice(0, joinedAtOnce)
      .map(([workload]) => workload);
    if (due.length === 0) return false;
    const journal = piecesOf(due);
    inTransaction(db, () => {
      for (const workload of due) {
        const pieces = journal.get(workload) ?? [];
        if (pieces.length > 0) addToChunks(statements, workload, pieces.flatMap(decisionsOf));
        // Its pieces stay in the journal for as long as those of others that came with them.
        statements.setJoined.run(lastEntry, workload);
      }
      const others = [...unjoined].filter(([workload]) => !due.includes(workload));
      const oldest = others.reduce((least, [, { firstEntry }]) => Math.min(least, firstEntry), Infinity);
      statements.cutJournal.run(Number.isFinite(oldest) ? oldest : Number.MAX_SAFE_INTEGER);
    });
    for (const workload of due) unjoined.delete(workload);
    return true;
  }

  return {
    lastEntry: () => lastEntry,
    noteEntry(entry, pieces) {
      lastEntry = entry;
      for (const { workload, bytes } of pieces) note(entry, workload, bytes);
    },
    piecesOf,
    firstSecondsOf: (workload) => unjoined.get(workload)?.firstSeconds,
    join,
  };
}
