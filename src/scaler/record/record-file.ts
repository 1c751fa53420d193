import type { DatabaseSync } from 'node:sqlite';
import { openDatabaseFile } from '../../platform/storage/sqlite/database-file.ts';

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
export const openRecordFile = (path: string): DatabaseSync => openDatabaseFile(path, [schema]);

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
      'SELECT from_s FROM chunks WHERE workload = ? AND is_old = 0 ORDER BY from_s DESC LIMIT 1',
    ),
    addChunk: db.prepare('INSERT INTO chunks (workload, from_s, to_s, is_old, bytes) VALUES (?, ?, ?, ?, ?)'),
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
  };
}
