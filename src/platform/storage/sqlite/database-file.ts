import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Opens a database that one server has to itself, and makes it where there is none. `migrations` are the steps from an empty file to
 * the present form, in order: a file that an earlier version wrote gets those that it lacks, all of them or none. Throws where it is no
 * database, damaged, of a later version, or another process has it.
 */
export function openDatabaseFile(path: string, migrations: readonly string[]): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true });
  // SQLite gives its other files the mode of this one. Names of workloads and their demand are nobody else's business.
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
    if (known > migrations.length) {
      throw new Error(`it was written by a later version of Forescale (${known})`);
    }
    inTransaction(db, () => {
      for (const migration of migrations.slice(known)) db.exec(migration);
      db.exec(`PRAGMA user_version = ${migrations.length}`);
    });
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
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

/** A blob of SQLite. */
export function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}
