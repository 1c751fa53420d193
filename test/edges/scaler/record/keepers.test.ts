import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordedDecision, RecordState, ServedDecision } from '../../../../src/forecast/index.ts';
import { answerAt, answerSpan } from '../../../../src/scaler/record/answer.ts';
import { createFileKeeper } from '../../../../src/scaler/record/file-keeper.ts';
import type { RecordKeeper } from '../../../../src/scaler/record/keeper.ts';
import { createMemoryKeeper } from '../../../../src/scaler/record/memory-keeper.ts';
import { createSafeKeeper } from '../../../../src/scaler/record/safe-keeper.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../../../../tools/temporary-folder.ts';
import { decisions, restlessDecisions } from '../../../pure/scaler/record/some-decisions.ts';
import { isLongForm } from '../../../support/long-form.ts';

const key = { namespace: 'shop', name: 'checkout', trigger: 'a1b2c3d4' };
const startSeconds = 1_767_690_000;
const daySeconds = 86_400;
const inForce = 90;
const mebibyte = 1024 * 1024;

let folder: TemporaryFolder;
let path: string;
beforeEach(async () => {
  folder = await openTemporaryFolder('forescale-record');
  path = join(folder.path, 'state', 'decisions.sqlite');
});
afterEach(() => folder.remove());

const openFile = (mostBytes = 64 * mebibyte) => createFileKeeper({ path, mostBytes });

/** Appends decisions as a server does, some each second, and tidies after each write. */
function keep(keeper: Pick<RecordKeeper, 'append' | 'tidy'>, made: readonly RecordedDecision[]): void {
  for (let from = 0; from < made.length; from += 3) {
    const part = made.slice(from, from + 3);
    keeper.append(part.map((decision) => ({ ...key, decision })));
    while (keeper.tidy(part.at(-1)?.atSeconds ?? 0));
  }
}

function execute(sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

/** Appends a day, two hours at a time, as it would be after a pause of the disk. */
function keepDay(keeper: RecordKeeper, make: typeof decisions, day: number): void {
  const made = make(8_640, startSeconds + day * daySeconds);
  for (let from = 0; from < made.length; from += 720) {
    const part = made.slice(from, from + 720);
    keeper.append(part.map((decision) => ({ ...key, decision })));
    while (keeper.tidy((part.at(-1)?.atSeconds ?? 0) + 1));
  }
}

const everyOf = (keeper: RecordKeeper, fromSeconds: number, toSeconds: number, limit = 1_000_000) =>
  answerSpan(keeper, key, { fromSeconds, toSeconds, stepSeconds: undefined, limit }, inForce);

describe.each([
  ['file', () => openFile()],
  ['memory', () => createMemoryKeeper({ mostWorkloads: 10, mostBytes: mebibyte })],
])('a record in a %s', (kind, open) => {
  it('has every decision, in order, as it was made', () => {
    const keeper = open();
    const made = decisions(2_000);
    keep(keeper, made);
    const { rows, nextSeconds } = everyOf(keeper, 0, startSeconds + 1e6);
    expect(nextSeconds).toBeUndefined();
    expect(rows).toHaveLength(made.length);
    const cut = (seconds: number) => (kind === 'file' ? seconds : Math.floor(seconds));
    expect(rows.map(({ atSeconds }) => atSeconds)).toEqual(made.map(({ atSeconds }) => cut(atSeconds)));
    keeper.close();
  });

  it('gives pages that begin where the one before ended', () => {
    const keeper = open();
    keep(keeper, decisions(500));
    const times: number[] = [];
    let from: number | undefined = 0;
    while (from !== undefined) {
      const page: ReturnType<typeof everyOf> = everyOf(keeper, from, startSeconds + 1e6, 37);
      times.push(...page.rows.map(({ atSeconds }) => atSeconds));
      from = page.nextSeconds;
    }
    expect(times).toHaveLength(500);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    keeper.close();
  });

  it('says what was in force at a moment, and what came in its window', () => {
    const keeper = open();
    const made = decisions(300);
    keep(keeper, made);
    const [row] = answerAt(keeper, key, startSeconds + 1_005, inForce).rows;
    expect(row?.decision.atSeconds).toBeCloseTo(startSeconds + 1_000, 0);
    const came = made
      .filter(({ atSeconds }) => atSeconds > startSeconds + 1_000.9 && atSeconds < startSeconds + 1_191)
      .reduce((highest, { observed }) => Math.max(highest, observed), 0);
    expect(row?.came).toBeCloseTo(came, 1);
    // The window of the last decision is not over.
    expect(answerAt(keeper, key, startSeconds + 2_995, inForce).rows[0]?.came).toBeUndefined();
    expect(answerAt(keeper, key, startSeconds + 3_200, inForce).rows).toEqual([]);
    expect(answerAt(keeper, key, startSeconds - 1, inForce).rows).toEqual([]);
    keeper.close();
  });

  it.each([
    ['is held without fresh data', (made: ServedDecision) => ({ ...made, fresh: false })],
    [
      'is not served',
      ({ atSeconds }: ServedDecision) => ({ kind: 'none' as const, atSeconds, reasons: ['no data'] }),
    ],
  ])(
    'does not know what came in a window in which a value %s',
    (_, change: (made: ServedDecision) => RecordedDecision) => {
      const keeper = open();
      const made = decisions(300);
      keep(keeper, [...made.slice(0, 110), ...made.slice(110, 140).map(change), ...made.slice(140)]);
      const cameAt = (seconds: number) =>
        answerAt(keeper, key, startSeconds + seconds, inForce).rows[0]?.came;
      expect(cameAt(805)).toBeGreaterThan(0);
      expect(cameAt(1_005)).toBeUndefined();
      expect(cameAt(1_155)).toBeUndefined();
      expect(cameAt(1_505)).toBeGreaterThan(0);
      keeper.close();
    },
  );

  it('gives what was in force at each whole multiple of a step', () => {
    const keeper = open();
    keep(keeper, decisions(300));
    const span = {
      fromSeconds: startSeconds + 1,
      toSeconds: startSeconds + 2_900,
      stepSeconds: 600,
      limit: 3,
    };
    const { rows, nextSeconds } = answerSpan(keeper, key, span, inForce);
    expect(rows.map(({ atSeconds }) => atSeconds - startSeconds)).toEqual([600, 1_200, 1_800]);
    expect(rows.every(({ atSeconds, decision }) => atSeconds - decision.atSeconds < 11)).toBe(true);
    expect(nextSeconds).toBe(startSeconds + 2_400);
    keeper.close();
  });

  it('gives each decision on one page, and each page goes on, where decisions share a moment', () => {
    const keeper = open();
    const made = decisions(6).map((one, index) => ({
      ...one,
      atSeconds: startSeconds + 10 * Math.floor(index / 2),
    }));
    keep(keeper, made);
    for (const limit of [1, 2, 3]) {
      const times: number[] = [];
      let from: number | undefined = startSeconds;
      for (let page = 0; from !== undefined && page < 4; page++) {
        const span = { fromSeconds: from, toSeconds: startSeconds + 100, stepSeconds: undefined, limit };
        const { rows, nextSeconds } = answerSpan(keeper, key, span, inForce);
        times.push(...rows.map(({ atSeconds }) => atSeconds - startSeconds));
        from = nextSeconds;
      }
      expect(times, `limit ${limit}`).toEqual([0, 0, 10, 10, 20, 20]);
      expect(from).toBeUndefined();
    }
    keeper.close();
  });

  it('knows the triggers of a workload', () => {
    const keeper = open();
    keep(keeper, decisions(3));
    expect(keeper.triggers('shop', 'checkout')).toEqual(['a1b2c3d4']);
    expect(keeper.triggers('shop', 'cart')).toEqual([]);
    keeper.close();
  });
});

describe('a record in a file', () => {
  it('is there when the file is opened again, also what was not yet put together', () => {
    const first = openFile();
    const made = decisions(700);
    keep(first, made);
    first.close();
    const again = openFile();
    const rows = everyOf(again, 0, startSeconds + 1e6).rows;
    expect(rows.map(({ decision }) => decision.kind === 'served' && decision.signal)).toEqual(
      made.map(({ signal }) => signal),
    );
    // And once more, with decisions after the restart.
    keep(again, decisions(700, startSeconds + 7_000));
    again.close();
    const last = openFile();
    expect(everyOf(last, 0, startSeconds + 1e6).rows).toHaveLength(1_400);
    last.close();
  });

  it('has each decision once, whenever those of workloads are put together', () => {
    const keys = ['a', 'b', 'c', 'd'].map((name) => ({ ...key, name }));
    let keeper = openFile();
    let chance = 7;
    const counts = keys.map(() => 0);
    for (const [index, decision] of decisions(1_200).entries()) {
      chance = (chance * 48_271) % 2_147_483_647;
      // Some decide seldom, as those that were opened a moment ago.
      const asked = keys.filter((_, which) => chance % (1 + which ** 3) === 0);
      keeper.append(asked.map((one) => ({ ...one, decision })));
      for (const one of asked) counts[keys.indexOf(one)] = (counts[keys.indexOf(one)] ?? 0) + 1;
      if (chance % 41 === 0) while (keeper.tidy(decision.atSeconds));
      if (index % 400 !== 399) continue;
      keeper.close();
      keeper = openFile();
    }
    const span = { fromSeconds: 0, toSeconds: startSeconds + 1e6, stepSeconds: undefined, limit: 1e6 };
    const found = keys.map((one) => answerSpan(keeper, one, span, inForce).rows.length);
    expect(found).toEqual(counts);
    keeper.close();
  });

  it('is readable for nobody but the server', () => {
    const keeper = openFile();
    keep(keeper, decisions(10));
    for (const name of readdirSync(join(folder.path, 'state'))) {
      expect(statSync(join(folder.path, 'state', name)).mode & 0o077, name).toBe(0);
    }
    keeper.close();
  });

  it(
    'is at most 1 MiB for a month of a workload that is never at rest, and begins 30 days ago',
    () => {
      const keeper = openFile();
      const days = isLongForm ? 33 : 4;
      for (let day = 0; day < days; day++) keepDay(keeper, restlessDecisions, day);
      const oldest = keeper.oldestSeconds(key) ?? 0;
      const ageDays = (startSeconds + days * daySeconds - oldest) / daySeconds;
      expect(ageDays).toBeGreaterThan(Math.min(days, 29.9) - 0.1);
      expect(ageDays).toBeLessThan(31);
      const day = days - 3;
      const moment = startSeconds + day * daySeconds + 43_217;
      const kept = answerAt(keeper, key, moment, inForce).rows[0]?.decision;
      const made = restlessDecisions(8_640, startSeconds + day * daySeconds);
      const same = made.find(({ atSeconds }) => Math.floor(atSeconds) === kept?.atSeconds);
      expect(kept?.kind === 'served' && kept.signal).toBeCloseTo(same?.signal ?? 0, 1);
      keeper.close();
      const bytes = readdirSync(join(folder.path, 'state')).reduce(
        (sum, name) => sum + statSync(join(folder.path, 'state', name)).size,
        0,
      );
      // The newest day takes more than each before it.
      expect(bytes).toBeLessThanOrEqual(isLongForm ? mebibyte : (mebibyte / 30) * days + 200 * 1024);
      expect(bytes).toBeGreaterThan((days * mebibyte) / 60);
    },
    isLongForm ? 600_000 : 60_000,
  );

  it('lets the oldest decisions go where it would be larger than it may be', () => {
    const keeper = openFile(80 * 1024);
    for (let day = 0; day < 4; day++) keepDay(keeper, restlessDecisions, day);
    keeper.close();
    expect(statSync(path).size).toBeLessThan(1.5 * mebibyte);
    const again = openFile();
    expect(again.oldestSeconds(key)).toBeGreaterThan(startSeconds + 86_400);
    again.close();
  });

  it('forgets a workload of which it has nothing any more', () => {
    const keeper = openFile();
    keep(keeper, decisions(10));
    while (keeper.tidy(startSeconds + 3_600));
    while (keeper.tidy(startSeconds + 31 * 86_400));
    while (keeper.tidy(startSeconds + 32 * 86_400));
    expect(keeper.triggers('shop', 'checkout')).toEqual([]);
    expect(everyOf(keeper, 0, startSeconds + 1e8).rows).toEqual([]);
    keep(keeper, decisions(10));
    expect(everyOf(keeper, 0, startSeconds + 1e8).rows).toHaveLength(10);
    keeper.close();
  });

  it('leaves out a part that is damaged, and has the others', () => {
    const keeper = openFile();
    keep(keeper, decisions(2_000));
    keeper.close();
    execute("UPDATE chunks SET bytes = CAST(substr(bytes, 1, 100) || x'00' AS BLOB) WHERE id = 2");
    const again = openFile();
    const { rows } = everyOf(again, 0, startSeconds + 1e6);
    expect(rows.length).toBeGreaterThan(1_000);
    expect(rows.length).toBeLessThan(2_000);
    again.close();
  });
});

describe('a record whose file does not work', () => {
  const states: RecordState[] = [];
  const safe = () => {
    states.length = 0;
    const memory = createMemoryKeeper({ mostWorkloads: 10, mostBytes: mebibyte });
    return createSafeKeeper({
      path,
      openFile: () => openFile(),
      memory,
      onState: (state) => states.push(state),
    });
  };
  const append = (keeper: ReturnType<typeof safe>, made: ReturnType<typeof decisions>, nowSeconds: number) =>
    keeper.append(
      made.map((decision) => ({ ...key, decision })),
      nowSeconds,
    );
  const count = (keeper: ReturnType<typeof safe>) =>
    keeper.read((kept) => everyOf(kept, 0, startSeconds + 1e8)).rows.length;

  it.each([
    [
      'no database',
      () => writeFileSync(path, 'what once was a file of letters, and long enough to be one'.repeat(99)),
    ],
    ['cut short', () => writeFileSync(path, readFileSync(path).subarray(0, 5_000))],
    ['of a later version', () => execute('PRAGMA user_version = 99')],
  ])('is kept in memory where the file is %s, and names file, cause and remedy', (_, damage) => {
    const before = openFile();
    keep(before, decisions(900));
    before.close();
    damage();
    const keeper = safe();
    append(keeper, decisions(50, startSeconds + 90_000), 0);
    expect(count(keeper)).toBeGreaterThanOrEqual(50);
    expect(keeper.state().kept).toBe('memory');
    expect(keeper.state().warning).toContain(path);
    expect(keeper.state().warning).toMatch(/is not a database|malformed|later version/);
    expect(states).toHaveLength(1);
    keeper.close();
  });

  it('is kept in memory while the folder cannot be written, and in the file again when it can', () => {
    const keeper = createSafeKeeper({
      path,
      openFile() {
        if (isFull) throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
        return openFile();
      },
      memory: createMemoryKeeper({ mostWorkloads: 10, mostBytes: mebibyte }),
      onState: (state) => states.push(state),
    });
    states.length = 0;
    let isFull = true;
    append(keeper, decisions(10), 0);
    append(keeper, decisions(10, startSeconds + 100), 1);
    expect(states.map(({ kept }) => kept)).toEqual(['memory']);
    expect(keeper.state().warning).toMatch(/disk is full; give its volume room/);
    isFull = false;
    append(keeper, decisions(10, startSeconds + 200), 2);
    expect(keeper.state().kept).toBe('memory');
    append(keeper, decisions(10, startSeconds + 300), 61);
    expect(keeper.state()).toEqual({ kept: 'file', warning: undefined });
    expect(count(keeper)).toBe(40);
    keeper.close();
  });

  it('is kept in memory where another server has the file', () => {
    const keeper = safe();
    append(keeper, decisions(10), 0);
    expect(keeper.state().kept).toBe('file');
    expect(count(keeper)).toBe(10);
    const second = safe();
    append(second, decisions(5), 0);
    expect(second.state()).toMatchObject({ kept: 'memory' });
    expect(second.state().warning).toMatch(/locked; another server has it/);
    expect(count(keeper)).toBe(10);
    second.close();
    keeper.close();
  });
});
