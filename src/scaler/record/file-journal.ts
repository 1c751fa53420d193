import type { DatabaseSync } from 'node:sqlite';
import { bytesOf, inTransaction } from '../../platform/storage/sqlite/database-file.ts';
import { decodeChunk, isWhole } from './chunk/chunk.ts';
import { addToChunks } from './file-chunks.ts';
import { readJournalEntry } from './journal.ts';
import { readJournalPieces } from './journal-pieces.ts';
import { decisionsOf } from './kept-bytes.ts';
import type { Statements } from './record-file.ts';

/** Age at which decisions of the journal are put into the chunk of their workload. */
const journalSeconds = 600;
/**
 * Workloads whose pieces are taken out of the journal in one pass over it, and bytes that these may have together. A pass reads what all
 * workloads have decided in ten minutes: 150 MB of ten thousand.
 */
const takenAtOnce = 512;
const mostTakenBytes = 8 * 1024 * 1024;
/** Workloads whose decisions are put into chunks in one go; each takes some milliseconds. */
const joinedAtOnce = 16;

/** What of the journal is not in the chunks of a workload yet. */
interface Unjoined {
  /** Entry of the journal with its first decision, and that decision's time. */
  readonly firstEntry: number;
  readonly firstSeconds: number;
}

/** Pieces of a workload that were taken out of the journal, where they still are, to be put into chunks. */
interface Taken extends Unjoined {
  readonly pieces: readonly Uint8Array[];
  /** Its pieces of the journal up to this entry are those. */
  readonly lastEntry: number;
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
  /** The pieces of a workload. */
  piecesOf(workload: number): readonly Uint8Array[];
  /** Time of the first decision of a workload that is in no chunk yet. */
  firstSecondsOf(workload: number): number | undefined;
  /** Puts what is old enough into chunks, of some workloads at a time; false where nothing is. */
  join(nowSeconds: number): boolean;
}

/** What of the journal is in no chunk yet, by the number of the workload. */
interface JournalState {
  /** In the order of the first decision. */
  readonly unjoined: Map<number, Unjoined>;
  /** What came since is unjoined beside it. */
  readonly taken: Map<number, Taken>;
  lastEntry: number;
}

/** Reads what was not put into chunks before the server ended. */
export function openFileJournal(db: DatabaseSync, statements: Statements): FileJournal {
  const journal = readState(statements);
  const { unjoined, taken } = journal;
  return {
    lastEntry: () => journal.lastEntry,
    noteEntry(entry, pieces) {
      journal.lastEntry = entry;
      for (const { workload, bytes } of pieces) note(journal, entry, workload, bytes);
    },
    piecesOf: (workload) => [
      ...(taken.get(workload)?.pieces ?? []),
      ...(untaken(statements, journal, [workload]).get(workload) ?? []),
    ],
    firstSecondsOf: (workload) => (taken.get(workload) ?? unjoined.get(workload))?.firstSeconds,
    join(nowSeconds) {
      if (taken.size === 0) take(statements, journal, nowSeconds);
      const due = [...taken].slice(0, joinedAtOnce);
      if (due.length === 0) return false;
      inTransaction(db, () => {
        for (const [workload, { pieces, lastEntry }] of due) {
          if (pieces.length > 0) addToChunks(statements, workload, pieces.flatMap(decisionsOf));
          // Its pieces stay in the journal for as long as those of others that came with them.
          statements.setJoined.run(lastEntry, workload);
        }
        if (due.length === taken.size) cut(statements, journal);
      });
      for (const [workload] of due) taken.delete(workload);
      return true;
    },
  };
}

function readState(statements: Statements): JournalState {
  const joined = new Map(statements.joined.all().map(({ id, joined }) => [Number(id), Number(joined)]));
  const lastEntry = Math.max(0, ...joined.values());
  const journal: JournalState = { unjoined: new Map(), taken: new Map(), lastEntry };
  for (const { id, bytes } of statements.journal.iterate(0)) {
    journal.lastEntry = Math.max(journal.lastEntry, Number(id));
    for (const piece of readJournalEntry(bytesOf(bytes))) {
      if (Number(id) > (joined.get(piece.workload) ?? 0))
        note(journal, Number(id), piece.workload, piece.bytes);
    }
  }
  return journal;
}

function note({ unjoined }: JournalState, entry: number, workload: number, bytes: Uint8Array): void {
  if (unjoined.has(workload) || !isWhole(bytes)) return;
  const [first] = decodeChunk(bytes);
  unjoined.set(workload, { firstEntry: entry, firstSeconds: first?.decision.atSeconds ?? 0 });
}

/** The pieces in the journal of some workloads, without those that were taken. */
function untaken(
  statements: Statements,
  { unjoined }: JournalState,
  workloads: readonly number[],
  mostBytes?: number,
) {
  const since = workloads.flatMap((workload): [number, number][] => {
    const own = unjoined.get(workload);
    return own === undefined ? [] : [[workload, own.firstEntry]];
  });
  return readJournalPieces(statements, new Map(since), mostBytes);
}

/** Takes what is old enough out of the journal, of as many workloads as one pass may. */
function take(statements: Statements, journal: JournalState, nowSeconds: number): void {
  const { unjoined, taken, lastEntry } = journal;
  const due: number[] = [];
  for (const [workload, { firstSeconds }] of unjoined) {
    if (due.length === takenAtOnce) break;
    if (Math.abs(nowSeconds - firstSeconds) > journalSeconds) due.push(workload);
  }
  for (const [workload, pieces] of untaken(statements, journal, due, mostTakenBytes)) {
    const own = unjoined.get(workload);
    if (own !== undefined) taken.set(workload, { ...own, pieces, lastEntry });
    unjoined.delete(workload);
  }
}

/** Cuts off the entries whose pieces are all in chunks. */
function cut(statements: Statements, { unjoined }: JournalState): void {
  let oldest = Number.MAX_SAFE_INTEGER;
  for (const { firstEntry } of unjoined.values()) oldest = Math.min(oldest, firstEntry);
  statements.cutJournal.run(oldest);
}
