import type { DatabaseSync } from 'node:sqlite';
import { openDatabaseFile } from '../../../platform/storage/sqlite/database-file.ts';

/** The file that holds the archive of demand, in the state directory. */
export const archiveFileName = 'demand.sqlite';

/** Steps from an empty file to the present form. A step is never changed once a version was released that has it. */
const migrations = [
  `
  CREATE TABLE series (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, length_s INTEGER NOT NULL) STRICT;
  CREATE TABLE chunks (
    id INTEGER PRIMARY KEY, series INTEGER NOT NULL, from_s INTEGER NOT NULL, first_s INTEGER NOT NULL,
    to_s INTEGER NOT NULL, count INTEGER NOT NULL, rows INTEGER NOT NULL, bytes BLOB NOT NULL,
    UNIQUE (series, from_s)
  ) STRICT;
  CREATE INDEX chunks_by_end ON chunks (to_s);
  CREATE TABLE fresh (id INTEGER PRIMARY KEY, series INTEGER NOT NULL, at_s INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
  CREATE INDEX fresh_of_series ON fresh (series);
  `,
];

export const openArchiveDatabase = (path: string): DatabaseSync => openDatabaseFile(path, migrations);

export type ArchiveStatements = ReturnType<typeof prepareStatements>;

/** What is asked of the database. `from_s` is the begin of a chunk's span, `first_s` and `to_s` are the times of its roll-ups. */
export function prepareStatements(db: DatabaseSync) {
  return {
    series: db.prepare('SELECT id, length_s FROM series WHERE key = ?'),
    addSeries: db.prepare('INSERT INTO series (key, length_s) VALUES (?, ?)'),
    seriesById: db.prepare('SELECT length_s FROM series WHERE id = ?'),
    countSeries: db.prepare('SELECT count(*) AS count FROM series'),
    silent: db.prepare(
      'DELETE FROM series WHERE NOT EXISTS (SELECT 1 FROM chunks WHERE series = series.id) AND NOT EXISTS (SELECT 1 FROM fresh WHERE series = series.id)',
    ),
    chunk: db.prepare('SELECT id, count, rows, bytes FROM chunks WHERE series = ? AND from_s = ?'),
    putChunk: db.prepare(
      'INSERT INTO chunks (series, from_s, first_s, to_s, count, rows, bytes) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (series, from_s) DO UPDATE SET first_s = excluded.first_s, to_s = excluded.to_s, count = excluded.count, rows = excluded.rows, bytes = excluded.bytes',
    ),
    deleteChunk: db.prepare('DELETE FROM chunks WHERE id = ?'),
    within: db.prepare(
      'SELECT id, bytes FROM chunks WHERE series = ? AND to_s > ? AND first_s <= ? ORDER BY from_s',
    ),
    spans: db.prepare('SELECT from_s, rows FROM chunks WHERE series = ? ORDER BY from_s'),
    reach: db.prepare(
      'SELECT min(first_s) AS first_s, sum(count) AS count, sum(length(bytes)) AS bytes FROM chunks WHERE series = ?',
    ),
    ends: db.prepare('SELECT min(to_s) AS oldest_s, max(to_s) AS newest_s FROM chunks'),
    forget: db.prepare(
      'DELETE FROM chunks WHERE id IN (SELECT id FROM chunks WHERE to_s < ? ORDER BY to_s LIMIT ?)',
    ),
    addFresh: db.prepare('INSERT INTO fresh (series, at_s, bytes) VALUES (?, ?, ?)'),
    freshOf: db.prepare('SELECT bytes FROM fresh WHERE series = ? ORDER BY id'),
    oldestFresh: db.prepare('SELECT series, at_s FROM fresh ORDER BY id LIMIT 1'),
    deleteFresh: db.prepare('DELETE FROM fresh WHERE series = ?'),
  };
}
