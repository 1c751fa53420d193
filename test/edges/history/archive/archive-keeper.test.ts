import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ArchiveKeeper,
  openArchiveKeeper,
} from '../../../../src/history/archive/file/archive-keeper.ts';
import { createSafeArchive } from '../../../../src/history/archive/file/safe-archive.ts';
import type { RollUp } from '../../../../src/history/archive/roll-ups/roll-up.ts';
import { openDatabaseFile } from '../../../../src/platform/storage/sqlite/database-file.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../../../../tools/temporary-folder.ts';
import { madeRollUps } from '../../../pure/history/archive/made-demand.ts';

const startSeconds = 1_767_690_000;
const daySeconds = 86_400;
const mebibyte = 1024 * 1024;
const lengthSeconds = 300;

let folder: TemporaryFolder;
let path: string;
let keeper: ArchiveKeeper | undefined;
beforeEach(async () => {
  folder = await openTemporaryFolder('forescale-archive');
  path = join(folder.path, 'state', 'demand.sqlite');
});
afterEach(async () => {
  keeper?.close();
  keeper = undefined;
  await folder.remove();
});

function open(mostBytes = 64 * mebibyte, keptSeconds = 400 * daySeconds): ArchiveKeeper {
  keeper?.close();
  keeper = openArchiveKeeper({ path, mostBytes, keptSeconds });
  return keeper;
}

const put = (to: ArchiveKeeper, rollUps: readonly RollUp[], key = 'a') =>
  to.put([{ key, lengthSeconds, rollUps }]);
const timesOf = (from: ArchiveKeeper, key = 'a') =>
  from.read(key, 0, startSeconds * 2).map(({ atSeconds }) => atSeconds);
const tidyAll = (of: ArchiveKeeper, nowSeconds: number) => {
  while (of.tidy(nowSeconds));
};
function execute(sql: string): void {
  keeper?.close();
  keeper = undefined;
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

describe('an archive in a file', () => {
  it('is not lost to more moments than a part of it can have', () => {
    const archive = open();
    const own = madeRollUps(500, Math.ceil(startSeconds / 153_600) * 153_600 + lengthSeconds);
    put(archive, own);
    const known = timesOf(archive);
    const offsets = Array.from({ length: 9 }, (_, index) => 30 * (index + 1));
    const more = own.flatMap((one) =>
      offsets.map((offset) => ({ ...one, atSeconds: one.atSeconds + offset })),
    );
    put(archive, more);
    expect(timesOf(archive)).toEqual(known);
  });

  it('has each roll-up once, whether it came alone or with many, before or after a restart', () => {
    const made = madeRollUps(3_000, startSeconds);
    put(open(), made.slice(0, 2_000));
    const second = open();
    for (const one of made.slice(1_990, 2_500)) put(second, [one]);
    const again = open();
    for (const one of made.slice(2_400)) put(again, [one]);
    tidyAll(again, startSeconds + 3_000 * 300 + 7_200);
    expect(timesOf(again)).toEqual(made.map(({ atSeconds }) => atSeconds));
    put(again, made);
    expect(timesOf(open())).toEqual(made.map(({ atSeconds }) => atSeconds));
    expect(timesOf(open(), 'b')).toEqual([]);
  });

  it('gives what lies after one moment, up to another', () => {
    const made = madeRollUps(1_500, startSeconds);
    put(open(), made);
    const within = open().read('a', startSeconds + 300, startSeconds + 400_000);
    expect(within[0]?.atSeconds).toBe(startSeconds + 600);
    expect(within.at(-1)?.atSeconds).toBe(startSeconds + 399_900);
  });

  it('takes a third of a mebibyte for 13 months of five minutes, ready to be read', ({ annotate }) => {
    const count = 113_880;
    const made = madeRollUps(count, startSeconds);
    const kept = open();
    for (let from = 0; from < count; from += 8_064) put(kept, made.slice(from, from + 8_064));
    tidyAll(kept, startSeconds + count * 300);
    expect(kept.reach('a')?.rollUps).toBe(count);
    expect(kept.reach('a')?.oldestSeconds).toBe(startSeconds);
    keeper?.close();
    keeper = undefined;
    const state = join(folder.path, 'state');
    const bytes = readdirSync(state).reduce((sum, name) => sum + statSync(join(state, name)).size, 0);
    expect(bytes).toBeGreaterThan(200_000);
    expect(bytes).toBeLessThan(0.4 * mebibyte);
    return annotate(`113,880 roll-ups of five minutes in a file of ${bytes} bytes`);
  });

  it('keeps what is made of more rows, as when the clock was ahead and came back', () => {
    const made = madeRollUps(512, Math.ceil(startSeconds / 153_600) * 153_600);
    put(
      open(),
      made.map((one) => ({ ...one, rows: 3, mean: one.mean / 2 })),
    );
    put(open(), made);
    const kept = open().read('a', 0, startSeconds * 2);
    expect(kept).toHaveLength(512);
    expect(kept.every(({ rows }) => rows === 5)).toBe(true);
    expect(kept[7]?.mean).toBeCloseTo(made[7]?.mean ?? 0, 1);
  });

  it('forgets what is older than the retention, by the newest of all and not by a clock that is years ahead', () => {
    const made = madeRollUps(40 * 288, startSeconds);
    const kept = open(64 * mebibyte, 30 * daySeconds);
    put(kept, made);
    const endSeconds = startSeconds + 40 * daySeconds;
    tidyAll(kept, endSeconds - 20 * daySeconds);
    expect(timesOf(kept)[0]).toBe(startSeconds);
    tidyAll(kept, endSeconds + 3_000 * daySeconds);
    const [oldest = 0] = timesOf(kept);
    expect(oldest).toBeGreaterThan(endSeconds - 34 * daySeconds);
    expect(oldest).toBeLessThanOrEqual(endSeconds - 30 * daySeconds);
    expect(timesOf(kept).at(-1)).toBe(endSeconds - 300);
  });

  it('lets the oldest of all series go where it would be larger than it may be', () => {
    const kept = open(100 * 1024);
    for (const key of ['a', 'b', 'c']) put(kept, madeRollUps(60 * 288, startSeconds), key);
    tidyAll(kept, startSeconds + 60 * daySeconds);
    for (const key of ['a', 'b', 'c']) {
      const times = timesOf(kept, key);
      expect(times[0]).toBeGreaterThan(startSeconds + 10 * daySeconds);
      expect(times.at(-1)).toBe(startSeconds + 60 * daySeconds - 300);
    }
    keeper?.close();
    keeper = undefined;
    expect(statSync(path).size).toBeLessThan(1.3 * mebibyte);
  });

  it('leaves out a part that is damaged, has the others, and takes the part again', () => {
    const made = madeRollUps(3_000, startSeconds);
    put(open(), made);
    execute("UPDATE chunks SET bytes = CAST(substr(bytes, 1, 100) || x'00' AS BLOB) WHERE id = 2");
    const again = open();
    const whole = timesOf(again).length;
    expect(whole).toBe(3_000 - 512);
    put(again, made);
    expect(timesOf(again)).toHaveLength(3_000);
  });

  it('is readable for nobody but the server', () => {
    put(open(), madeRollUps(10, startSeconds));
    for (const name of readdirSync(join(folder.path, 'state'))) {
      expect(statSync(join(folder.path, 'state', name)).mode & 0o077, name).toBe(0);
    }
  });
});

describe('a file of an earlier version', () => {
  const first = 'CREATE TABLE one (a INTEGER) STRICT; INSERT INTO one VALUES (7);';
  const second = 'ALTER TABLE one ADD COLUMN b INTEGER NOT NULL DEFAULT 3;';
  const read = (db: DatabaseSync) =>
    db
      .prepare('SELECT * FROM one')
      .all()
      .map((row) => ({ ...row }));

  it('gets the steps that it lacks, once', () => {
    openDatabaseFile(path, [first]).close();
    for (let time = 0; time < 2; time++) {
      const db = openDatabaseFile(path, [first, second]);
      expect(read(db)).toEqual([{ a: 7, b: 3 }]);
      db.close();
    }
  });

  it('stays as it is where a step fails', () => {
    openDatabaseFile(path, [first]).close();
    expect(() => openDatabaseFile(path, [first, `${second} INSERT INTO nowhere VALUES (1);`])).toThrow(
      /nowhere/,
    );
    const db = openDatabaseFile(path, [first]);
    expect(read(db)).toEqual([{ a: 7 }]);
    db.close();
  });
});

describe('an archive whose file does not work', () => {
  const warnings: (string | undefined)[] = [];
  const safe = (
    openFile = () => openArchiveKeeper({ path, mostBytes: mebibyte, keptSeconds: 400 * daySeconds }),
  ) => {
    warnings.length = 0;
    return createSafeArchive({ path, openFile, onWarning: (warning) => warnings.push(warning) });
  };
  const rollUps = madeRollUps(5, startSeconds);
  const putSafe = (archive: ReturnType<typeof safe>, nowSeconds: number) =>
    archive.attempt(nowSeconds, (kept) => {
      put(kept, rollUps);
      return true;
    });

  it.each([
    [
      'no database',
      () => writeFileSync(path, 'what once was a file of letters, and long enough to be one'.repeat(99)),
    ],
    ['cut short', () => writeFileSync(path, readFileSync(path).subarray(0, 5_000))],
    ['of a later version', () => execute('PRAGMA user_version = 99')],
  ])('says file, cause and remedy where the file is %s, and does nothing', (_, damage) => {
    put(open(), madeRollUps(3_000, startSeconds));
    keeper?.close();
    keeper = undefined;
    damage();
    const archive = safe();
    expect(putSafe(archive, 0)).toBeUndefined();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(path);
    expect(warnings[0]).toMatch(/is not a database|malformed|later version/);
    archive.close();
  });

  it('is tried again after a minute where the disk is full, and says when it works', () => {
    let isFull = true;
    const archive = safe(() => {
      if (isFull) throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
      return openArchiveKeeper({ path, mostBytes: mebibyte, keptSeconds: 400 * daySeconds });
    });
    expect(putSafe(archive, 0)).toBeUndefined();
    expect(warnings[0]).toMatch(/disk is full; give its volume room/);
    isFull = false;
    expect(putSafe(archive, 59)).toBeUndefined();
    expect(putSafe(archive, 61)).toBe(true);
    expect(warnings).toEqual([warnings[0], undefined]);
    archive.close();
  });

  it('says so where another server has it', () => {
    const first = safe();
    expect(putSafe(first, 0)).toBe(true);
    const second = createSafeArchive({
      path,
      openFile: () => openArchiveKeeper({ path, mostBytes: mebibyte, keptSeconds: daySeconds }),
      onWarning: (warning) => warnings.push(warning),
    });
    expect(putSafe(second, 0)).toBeUndefined();
    expect(warnings[0]).toMatch(/locked; another server has it/);
    second.close();
    first.close();
  });
});
