import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addToChunks } from '../../../../src/scaler/record/file-chunks.ts';
import { openFileJournal } from '../../../../src/scaler/record/file-journal.ts';
import { createFileKeeper } from '../../../../src/scaler/record/file-keeper.ts';
import { readJournalPieces } from '../../../../src/scaler/record/journal-pieces.ts';
import { decisionsOf } from '../../../../src/scaler/record/kept-bytes.ts';
import { openRecordFile, prepareStatements } from '../../../../src/scaler/record/record-file.ts';
import { openTemporaryFolder, type TemporaryFolder } from '../../../../tools/temporary-folder.ts';
import { decisions } from '../../../pure/scaler/record/some-decisions.ts';

const startSeconds = 1_767_690_000;
const lateSeconds = startSeconds + 1_200;

let folder: TemporaryFolder;
let path: string;
beforeEach(async () => {
  folder = await openTemporaryFolder('forescale-journal');
  path = join(folder.path, 'decisions.sqlite');
});
afterEach(() => folder.remove());

const openFile = () => createFileKeeper({ path, mostBytes: 64 * 1024 * 1024 });
const keyOf = (workload: number) => ({ namespace: 'shop', name: `shop-${workload}`, trigger: 'a1' });

/** Appends some decisions of each workload, one of each at a time. */
function append(keeper: Pick<ReturnType<typeof openFile>, 'append'>, workloads: number, fromSeconds: number) {
  for (const decision of decisions(5, fromSeconds))
    keeper.append(Array.from({ length: workloads }, (_, workload) => ({ ...keyOf(workload), decision })));
}

/** Times of all decisions of a workload that are kept, in the order in which they are. */
const timesOf = (keeper: ReturnType<typeof openFile>, workload: number) =>
  [...keeper.chunksOf(keyOf(workload), 0, Number.MAX_SAFE_INTEGER)].flatMap(({ bytes }) =>
    decisionsOf(bytes).map(({ atSeconds }) => atSeconds),
  );

it('is read once for hundreds of workloads whose decisions are put into chunks', () => {
  const keeper = openFile();
  append(keeper, 300, startSeconds);
  keeper.close();
  const db = openRecordFile(path);
  const statements = prepareStatements(db);
  const passes: unknown[] = [];
  const iterate: typeof statements.journal.iterate = (...from: unknown[]) => {
    passes.push(from);
    return statements.journal.iterate(Number(from[0]));
  };
  const counted = { ...statements, journal: { iterate } as typeof statements.journal };
  const journal = openFileJournal(db, counted);
  passes.length = 0;
  while (journal.join(lateSeconds));
  expect(passes).toHaveLength(1);
  expect([...statements.journal.iterate(0)]).toEqual([]);
  db.close();
});

it('gives every decision once, in order, while some are put into chunks and others come', () => {
  const keeper = openFile();
  append(keeper, 40, startSeconds);
  const first = timesOf(keeper, 39);
  // A part of the workloads is in chunks then.
  expect(keeper.tidy(lateSeconds)).toBe(true);
  append(keeper, 40, lateSeconds);
  for (const workload of [0, 20, 39]) {
    const times = timesOf(keeper, workload);
    expect(times).toHaveLength(10);
    expect(times.slice(0, 5)).toEqual(first);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  }
  expect(keeper.oldestSeconds(keyOf(39))).toBe(first[0]);
  keeper.close();
});

it('has lost none after a server that ended while some were put into chunks', () => {
  const keeper = openFile();
  append(keeper, 40, startSeconds);
  keeper.tidy(lateSeconds);
  append(keeper, 40, lateSeconds);
  const before = Array.from({ length: 40 }, (_, workload) => timesOf(keeper, workload));
  keeper.close();
  const again = openFile();
  expect(Array.from({ length: 40 }, (_, workload) => timesOf(again, workload))).toEqual(before);
  while (again.tidy(lateSeconds + 1_200));
  expect(Array.from({ length: 40 }, (_, workload) => timesOf(again, workload))).toEqual(before);
  again.close();
});

it('leaves out the last workloads where their pieces are too large together, and never the first', () => {
  const keeper = openFile();
  append(keeper, 3, startSeconds);
  keeper.close();
  const db = openRecordFile(path);
  const since = new Map([
    [1, 1],
    [2, 1],
    [3, 1],
  ]);
  const all = readJournalPieces(prepareStatements(db), since);
  expect([...all.keys()]).toEqual([1, 2, 3]);
  const bytes = (all.get(1) ?? []).reduce((sum, { length }) => sum + length, 0);
  expect([...readJournalPieces(prepareStatements(db), since, 2.5 * bytes).keys()]).toEqual([1, 2]);
  expect([...readJournalPieces(prepareStatements(db), since, 1).keys()]).toEqual([1]);
  db.close();
});

it('writes decisions into chunks about twice, and leaves chunks of two hours', () => {
  const db = openRecordFile(path);
  const statements = prepareStatements(db);
  let written = 0;
  const counting = Object.fromEntries(
    Object.entries(statements).map(([name, statement]) => [
      name,
      {
        get: statement.get.bind(statement),
        all: statement.all.bind(statement),
        run(...values: Parameters<typeof statement.run>) {
          for (const value of values) if (value instanceof Uint8Array) written += decisionsOf(value).length;
          return statement.run(...values);
        },
      },
    ]),
  ) as unknown as typeof statements;
  const made = decisions(8_640, startSeconds);
  for (let from = 0; from < made.length; from += 60) addToChunks(counting, 1, made.slice(from, from + 60));
  expect(written).toBeLessThan(2.1 * made.length);
  const { count } = db.prepare('SELECT count(*) AS count FROM chunks').get() as { readonly count: number };
  // The newest two hours are in parts.
  expect(count).toBeLessThan(12 + 13);
  db.close();
});
