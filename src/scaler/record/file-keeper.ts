import type { DatabaseSync } from 'node:sqlite';
import type { RecordKey } from '../../forecast/index.ts';
import { bytesOf, inTransaction } from '../../platform/storage/sqlite/database-file.ts';
import { bytesFreeBeside, createFileRoom, type FileRoom } from '../../platform/storage/sqlite/file-room.ts';
import { encodeChunk, isWhole } from './chunk/chunk.ts';
import { compact, exact, forgetOld } from './file-chunks.ts';
import { openFileJournal } from './file-journal.ts';
import { writeJournalEntry } from './journal.ts';
import { byWorkload, type RecordKeeper } from './keeper.ts';
import { chunkOf } from './kept-bytes.ts';
import { openRecordFile, prepareStatements, type Statements } from './record-file.ts';

/** The file that holds the record, in the state directory. */
export const recordFileName = 'decisions.sqlite';

export interface FileKeeperOptions {
  readonly path: string;
  /** Largest file, bytes, without the log of what was written last, which has some megabytes more. The oldest decisions go first. */
  readonly mostBytes: number;
}

/** Time between two looks for workloads of which nothing is kept. */
const lookSeconds = 600;

/** Keeps decisions in a file of SQLite. Throws where it cannot be opened, and each method where it cannot be read or written. */
export function createFileKeeper({ path, mostBytes }: FileKeeperOptions): RecordKeeper {
  const db = openRecordFile(path);
  return keeperOf(db, createFileRoom(db, { mostBytes, bytesFree: bytesFreeBeside(path) }));
}

/** The numbers by which the file knows workloads. */
function createNumbers(statements: Statements, lastEntry: () => number) {
  const numbers = new Map<string, number>();

  function numberOf({ namespace, name, trigger }: RecordKey): number | undefined {
    const id = `${namespace}/${name}/${trigger}`;
    const known = numbers.get(id) ?? statements.workload.get(namespace, name, trigger)?.['id'];
    if (known !== undefined) numbers.set(id, Number(known));
    return known === undefined ? undefined : Number(known);
  }

  function newNumberOf(key: RecordKey): number {
    const known = numberOf(key);
    if (known !== undefined) return known;
    const { namespace, name, trigger } = key;
    return Number(statements.addWorkload.run(namespace, name, trigger, lastEntry()).lastInsertRowid);
  }

  return { numberOf, newNumberOf, clear: () => numbers.clear() };
}

function keeperOf(db: DatabaseSync, room: FileRoom): RecordKeeper {
  const statements = prepareStatements(db);
  const journal = openFileJournal(db, statements);
  const { numberOf, newNumberOf, clear } = createNumbers(statements, journal.lastEntry);
  let lookedSeconds = 0;

  /** Forgets workloads of which nothing is kept any more. */
  function forgetSilent(nowSeconds: number): boolean {
    if (Math.abs(nowSeconds - lookedSeconds) < lookSeconds) return false;
    lookedSeconds = nowSeconds;
    for (const { id } of statements.silent.all()) {
      if (journal.firstSecondsOf(Number(id)) === undefined) statements.deleteWorkload.run(Number(id));
    }
    clear();
    return true;
  }

  return {
    append(noted) {
      const { entry, pieces } = inTransaction(db, () => {
        const made = byWorkload(noted).map(([key, decisions]) => ({
          workload: newNumberOf(key),
          bytes: encodeChunk(decisions, exact),
        }));
        const { lastInsertRowid } = statements.addEntry.run(writeJournalEntry(made));
        return { entry: Number(lastInsertRowid), pieces: made };
      });
      journal.noteEntry(entry, pieces);
    },
    *chunksOf(key, fromSeconds, toSeconds) {
      const workload = numberOf(key);
      if (workload === undefined) return;
      for (const { id, from_s, to_s } of statements.chunks.all(workload, fromSeconds, toSeconds)) {
        const bytes = bytesOf(statements.bytes.get(Number(id))?.['bytes']);
        if (isWhole(bytes)) yield { fromSeconds: Number(from_s), toSeconds: Number(to_s), bytes };
      }
      for (const bytes of journal.piecesOf(workload)) yield chunkOf(bytes);
    },
    oldestSeconds(key) {
      const workload = numberOf(key);
      if (workload === undefined) return undefined;
      const oldest = statements.oldest.get(workload)?.['from_s'];
      return typeof oldest === 'number' ? oldest : journal.firstSecondsOf(workload);
    },
    triggers: (namespace, name) =>
      statements.triggers.all(namespace, name).map(({ trigger }) => String(trigger)),
    tidy: (nowSeconds) =>
      journal.join(nowSeconds) ||
      compact(db, statements, nowSeconds) ||
      forgetOld(statements, nowSeconds, room) ||
      forgetSilent(nowSeconds) ||
      room.freePages(),
    close: () => db.close(),
  };
}
