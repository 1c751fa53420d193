import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { RecordedDecision, RecordKey } from '../../forecast/index.ts';
import { decodeChunk, encodeChunk, isWhole } from './chunk/chunk.ts';
import { encodeWithin } from './chunk/fit.ts';
import { readJournalEntry, writeJournalEntry } from './journal.ts';
import {
  byWorkload,
  exactSeconds,
  type KeptChunk,
  keptSeconds,
  type RecordKeeper,
  spanOf,
} from './keeper.ts';
import { inTransaction, openRecordFile, prepareStatements, type Statements } from './record-file.ts';

/** The file that holds the record, in the state directory. */
export const recordFileName = 'decisions.sqlite';

export interface FileKeeperOptions {
  readonly path: string;
  /** Largest file, bytes, without the log of what was written last, which has some megabytes more. The oldest decisions go first. */
  readonly mostBytes: number;
}

/** Places in the table of precisions. */
const exact = 0;
const thousandths = 1;
/** Length of the chunks of the newest day and of those before, and the bytes that each may have. */
const newest = { seconds: 2 * 3600, bytes: 11_500 };
const older = { seconds: 8 * 3600, bytes: 8_800 };
/** Age at which decisions of the journal are put into the chunk of their workload. */
const journalSeconds = 600;
/** Rows that one statement of tidying deletes at most. */
const mostDeleted = 50;
/** Pages that are given back to the file system at once, and bytes without use that are kept for what comes. */
const freedPages = 64;
const keptFreeBytes = 1024 * 1024;
/** Time between two looks for workloads of which nothing is kept. */
const lookSeconds = 600;
/** Keeps decisions in a file of SQLite. Throws where it cannot be opened, and each method where it cannot be read or written. */
export function createFileKeeper({ path, mostBytes }: FileKeeperOptions): RecordKeeper {
  const db = openRecordFile(path);
  const folder = dirname(path);
  const bytesFree = () => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  };
  return keeperOf(db, { mostBytes, bytesFree });
}

/** What of the journal is not in the chunks of a workload yet. */
interface Unjoined {
  /** Entry of the journal with its first decision, and that decision's time. */
  readonly firstEntry: number;
  readonly firstSeconds: number;
}

/** Workloads whose decisions are put into chunks in one go, because each go reads the journal. */
const joinedAtOnce = 16;

/** How much room there is for the file. */
interface Room {
  readonly mostBytes: number;
  readonly bytesFree: () => number;
}

/** Room that is left to the list of known workloads, which lies beside the record and is worth more, or else half of the room. */
const leftFreeBytes = 56 * 1024 * 1024;

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one file and what may be done with it
function keeperOf(db: DatabaseSync, room: Room): RecordKeeper {
  const statements = prepareStatements(db);
  const numbers = new Map<string, number>();
  /** By the number of the workload, in the order of the first decision. */
  const unjoined = new Map<number, Unjoined>();
  let lastEntry = 0;
  let lookedSeconds = 0;
  readJournal();

  /** Finds what was not put into chunks before the server ended. */
  function readJournal(): void {
    const joined = new Map(statements.joined.all().map(({ id, joined }) => [Number(id), Number(joined)]));
    lastEntry = Math.max(0, ...joined.values());
    for (const { id, bytes } of statements.journal.iterate(0)) {
      lastEntry = Math.max(lastEntry, Number(id));
      for (const piece of readJournalEntry(bytesOf(bytes))) {
        if (Number(id) > (joined.get(piece.workload) ?? 0)) note(Number(id), piece.workload, piece.bytes);
      }
    }
  }

  function note(entry: number, workload: number, bytes: Uint8Array): void {
    if (unjoined.has(workload) || !isWhole(bytes)) return;
    const [first] = decodeChunk(bytes);
    unjoined.set(workload, { firstEntry: entry, firstSeconds: first?.decision.atSeconds ?? 0 });
  }

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
    return Number(statements.addWorkload.run(namespace, name, trigger, lastEntry).lastInsertRowid);
  }

  /** The decisions in the journal of some workloads. */
  function journalOf(workloads: readonly number[]): Map<number, Uint8Array[]> {
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

  function joinJournal(nowSeconds: number): boolean {
    const due = [...unjoined]
      .filter(([, { firstSeconds }]) => Math.abs(nowSeconds - firstSeconds) > journalSeconds)
      .slice(0, joinedAtOnce)
      .map(([workload]) => workload);
    if (due.length === 0) return false;
    const journal = journalOf(due);
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

  /** Forgets workloads of which nothing is kept any more. */
  function forgetSilent(nowSeconds: number): boolean {
    if (Math.abs(nowSeconds - lookedSeconds) < lookSeconds) return false;
    lookedSeconds = nowSeconds;
    for (const { id } of statements.silent.all()) {
      if (!unjoined.has(Number(id))) statements.deleteWorkload.run(Number(id));
    }
    numbers.clear();
    return true;
  }

  return {
    append(noted) {
      const firsts = inTransaction(db, () => {
        const pieces = byWorkload(noted).map(([key, decisions]) => ({
          workload: newNumberOf(key),
          bytes: encodeChunk(decisions, exact),
        }));
        const { lastInsertRowid } = statements.addEntry.run(writeJournalEntry(pieces));
        return pieces.map(({ workload, bytes }) => [Number(lastInsertRowid), workload, bytes] as const);
      });
      lastEntry = firsts[0]?.[0] ?? lastEntry;
      for (const first of firsts) note(...first);
    },
    *chunksOf(key, fromSeconds, toSeconds) {
      const workload = numberOf(key);
      if (workload === undefined) return;
      for (const { id, from_s, to_s } of statements.chunks.all(workload, fromSeconds, toSeconds)) {
        const bytes = bytesOf(statements.bytes.get(Number(id))?.['bytes']);
        if (isWhole(bytes)) yield { fromSeconds: Number(from_s), toSeconds: Number(to_s), bytes };
      }
      for (const bytes of journalOf([workload]).get(workload) ?? []) yield chunkOf(bytes);
    },
    oldestSeconds(key) {
      const workload = numberOf(key);
      if (workload === undefined) return undefined;
      const oldest = statements.oldest.get(workload)?.['from_s'];
      return typeof oldest === 'number' ? oldest : unjoined.get(workload)?.firstSeconds;
    },
    triggers: (namespace, name) =>
      statements.triggers.all(namespace, name).map(({ trigger }) => String(trigger)),
    tidy: (nowSeconds) =>
      joinJournal(nowSeconds) ||
      compact(db, statements, nowSeconds) ||
      forgetOld(statements, nowSeconds, room) ||
      forgetSilent(nowSeconds) ||
      freePages(db, statements),
    close: () => db.close(),
  };
}

function addToChunks(statements: Statements, workload: number, decisions: readonly RecordedDecision[]): void {
  const open = statements.newest.get(workload);
  const begins = spanOf(decisions).fromSeconds;
  const isOpen = open !== undefined && Math.abs(begins - Number(open['from_s'])) < newest.seconds;
  const all = isOpen ? [...decisionsOf(bytesOf(open['bytes'])), ...decisions] : decisions;
  const { fromSeconds, toSeconds } = spanOf(all);
  const bytes = encodeWithin(all, newest.bytes, exact);
  if (isOpen) statements.changeChunk.run(fromSeconds, toSeconds, bytes, Number(open['id']));
  else statements.addChunk.run(workload, fromSeconds, toSeconds, 0, bytes);
}

/** Joins the chunks of some hours of one workload that are no longer new, and keeps them as KEDA was told. */
function compact(db: DatabaseSync, statements: Statements, nowSeconds: number): boolean {
  const ageing = statements.ageing.get(nowSeconds - exactSeconds - older.seconds);
  if (ageing === undefined) return false;
  const workload = Number(ageing['workload']);
  const beginSeconds = Math.floor(Number(ageing['from_s']) / older.seconds) * older.seconds;
  const chunks = statements.together.all(workload, beginSeconds, beginSeconds + older.seconds);
  const decisions = chunks.flatMap(({ bytes }) => decisionsOf(bytesOf(bytes)));
  inTransaction(db, () => {
    for (const { id } of chunks) statements.deleteChunk.run(Number(id));
    if (decisions.length === 0) return;
    const { fromSeconds, toSeconds } = spanOf(decisions);
    statements.addChunk.run(
      workload,
      fromSeconds,
      toSeconds,
      1,
      encodeWithin(decisions, older.bytes, thousandths),
    );
  });
  return true;
}

/** Deletes what is too old, and the oldest where the file is too large. Old chunks go before new ones, whatever the clock says. */
function forgetOld(statements: Statements, nowSeconds: number, { mostBytes, bytesFree }: Room): boolean {
  const { whole, free } = sizeOf(statements);
  const room = whole + bytesFree();
  const most = Math.min(mostBytes, Math.max(room - leftFreeBytes, room / 2));
  const beforeSeconds = whole - free > most ? Number.MAX_SAFE_INTEGER : nowSeconds - keptSeconds;
  return [1, 0].some((isOld) => Number(statements.forget.run(isOld, beforeSeconds, mostDeleted).changes) > 0);
}

function sizeOf(statements: Statements): { readonly whole: number; readonly free: number } {
  const { whole, free } = statements.size.get() ?? {};
  return { whole: Number(whole), free: Number(free) };
}

/** Gives room back to the file system. */
function freePages(db: DatabaseSync, statements: Statements): boolean {
  if (sizeOf(statements).free < keptFreeBytes) return false;
  db.exec(`PRAGMA incremental_vacuum(${freedPages})`);
  return true;
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}

function chunkOf(bytes: Uint8Array): KeptChunk {
  return { ...spanOf(decisionsOf(bytes)), bytes };
}

/** The decisions of a chunk; none where it is damaged. */
function decisionsOf(bytes: Uint8Array): readonly RecordedDecision[] {
  return isWhole(bytes) ? decodeChunk(bytes).map(({ decision }) => decision) : [];
}
