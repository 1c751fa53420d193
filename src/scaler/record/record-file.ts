import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const version = 1;

const schema = `
  CREATE TABLE IF NOT EXISTS workloads (
    id INTEGER PRIMARY KEY, namespace TEXT NOT NULL, name TEXT NOT NULL, trigger TEXT NOT NULL,
    joined INTEGER NOT NULL DEFAULT 0,
    UNIQUE (namespace, name, trigger)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS chunks (
    id INTEGER PRIMARY KEY, workload INTEGER NOT NULL, from_s REAL NOT NULL, to_s REAL NOT NULL,
    is_old INTEGER NOT NULL, bytes BLOB NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS chunks_of_workload ON chunks (workload, from_s);
  CREATE INDEX IF NOT EXISTS chunks_by_end ON chunks (is_old, to_s);
  CREATE TABLE IF NOT EXISTS journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT, bytes BLOB NOT NULL
  ) STRICT;
`;

/** Opens the database of a record, and makes it where there is none. Throws where it is none, damaged, or another process has it. */
export function openRecordFile(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true });
  // SQLite gives its other files the mode of this one. Names of workloads are nobody else's business.
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  const db = new DatabaseSync(path);
  try {
    // One server has the file to itself: shared memory, which not every file system has, is not needed then.
    db.exec(`
      PRAGMA busy_timeout = 1000;
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA journal_size_limit = 4194304;
      PRAGMA cache_size = -2048;
    `);
    const known = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
    if (known > version) throw new Error(`it was written by a later version of Forescale (${known})`);
    db.exec(`BEGIN IMMEDIATE; ${schema} PRAGMA user_version = ${version}; COMMIT;`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

export type Statements = ReturnType<typeof prepareStatements>;

/** What is asked of the database. */
export function prepareStatements(db: DatabaseSync) {
  return {
    workload: db.prepare('SELECT id FROM workloads WHERE namespace = ? AND name = ? AND trigger = ?'),
    addWorkload: db.prepare('INSERT INTO workloads (namespace, name, trigger, joined) VALUES (?, ?, ?, ?)'),
    triggers: db.prepare('SELECT trigger FROM workloads WHERE namespace = ? AND name = ? ORDER BY id'),
    journal: db.prepare('SELECT id, bytes FROM journal WHERE id >= ? ORDER BY id'),
    addEntry: db.prepare('INSERT INTO journal (bytes) VALUES (?)'),
    cutJournal: db.prepare('DELETE FROM journal WHERE id < ?'),
    chunks: db.prepare(
      'SELECT id, from_s, to_s FROM chunks WHERE workload = ? AND to_s >= ? AND from_s <= ? ORDER BY from_s',
    ),
    bytes: db.prepare('SELECT bytes FROM chunks WHERE id = ?'),
    oldest: db.prepare('SELECT min(from_s) AS from_s FROM chunks WHERE workload = ?'),
    newest: db.prepare(
      'SELECT id, from_s, bytes FROM chunks WHERE workload = ? AND is_old = 0 ORDER BY from_s DESC LIMIT 1',
    ),
    addChunk: db.prepare('INSERT INTO chunks (workload, from_s, to_s, is_old, bytes) VALUES (?, ?, ?, ?, ?)'),
    changeChunk: db.prepare('UPDATE chunks SET from_s = ?, to_s = ?, bytes = ? WHERE id = ?'),
    deleteChunk: db.prepare('DELETE FROM chunks WHERE id = ?'),
    ageing: db.prepare(
      'SELECT workload, from_s FROM chunks WHERE is_old = 0 AND to_s < ? ORDER BY to_s LIMIT 1',
    ),
    together: db.prepare(
      'SELECT id, bytes FROM chunks WHERE workload = ? AND is_old = 0 AND from_s >= ? AND from_s < ? ORDER BY from_s',
    ),
    forget: db.prepare(
      'DELETE FROM chunks WHERE id IN (SELECT id FROM chunks WHERE is_old = ? AND to_s < ? ORDER BY to_s LIMIT ?)',
    ),
    joined: db.prepare('SELECT id, joined FROM workloads'),
    setJoined: db.prepare('UPDATE workloads SET joined = ? WHERE id = ?'),
    silent: db.prepare(
      'SELECT id FROM workloads WHERE NOT EXISTS (SELECT 1 FROM chunks WHERE workload = workloads.id)',
    ),
    deleteWorkload: db.prepare('DELETE FROM workloads WHERE id = ?'),
    size: db.prepare(
      'SELECT page_count * page_size AS whole, freelist_count * page_size AS free FROM pragma_page_count, pragma_page_size, pragma_freelist_count',
    ),
  };
}

/** Does work in one transaction, all of it or nothing. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // Some errors end the transaction themselves.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
