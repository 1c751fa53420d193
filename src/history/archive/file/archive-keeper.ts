import type { DatabaseSync } from 'node:sqlite';
import { bytesOf, inTransaction } from '../../../platform/storage/sqlite/database-file.ts';
import {
  bytesFreeBeside,
  createFileRoom,
  type FileRoom,
} from '../../../platform/storage/sqlite/file-room.ts';
import { merged } from '../roll-ups/merge.ts';
import type { RollUp } from '../roll-ups/roll-up.ts';
import { decodeRollUps, encodeRollUps } from '../roll-ups/roll-up-chunk.ts';
import { type ArchiveStatements, openArchiveDatabase, prepareStatements } from './archive-file.ts';
import { mergeIntoChunks } from './chunks.ts';

/** Roll-ups of one series that are to be kept. */
export interface NotedRollUps {
  readonly key: string;
  /** Length of a roll-up, seconds. */
  readonly lengthSeconds: number;
  /** In order of time. */
  readonly rollUps: readonly RollUp[];
}

/** Begin of a part of a series that is kept together, unix seconds, and of how many rows it is made. */
export type ArchivedSpan = readonly [fromSeconds: number, rows: number];

/** How far the archive of one series reaches. */
export interface ArchiveReach {
  readonly oldestSeconds: number;
  readonly rollUps: number;
  /** Bytes of the file that it takes, about. */
  readonly bytes: number;
}

export interface ArchiveSize {
  readonly bytes: number;
  readonly series: number;
  /** Unix seconds; undefined while nothing is kept. */
  readonly oldestSeconds: number | undefined;
}

/** Keeps the roll-ups of many series. Each method may throw where the file cannot be read or written. */
export interface ArchiveKeeper {
  /** Keeps roll-ups, all of them or, where it throws, none. What is known already is kept once. */
  put(noted: readonly NotedRollUps[]): void;
  /** The roll-ups of a series in (fromSeconds, toSeconds], in order of time. */
  read(key: string, fromSeconds: number, toSeconds: number): RollUp[];
  spans(key: string): readonly ArchivedSpan[];
  /** Undefined where nothing of it is kept. */
  reach(key: string): ArchiveReach | undefined;
  size(): ArchiveSize;
  /** Does one piece of what keeps the file small; false where there is nothing to do. A piece takes some milliseconds. */
  tidy(nowSeconds: number): boolean;
  close(): void;
}

export interface ArchiveKeeperOptions {
  readonly path: string;
  /** Age from which roll-ups are forgotten. */
  readonly keptSeconds: number;
  /** Largest file, bytes, without the log of what was written last. The oldest roll-ups of all go first. */
  readonly mostBytes: number;
}

/** More roll-ups at once than this are put together at once, fewer are written down as they come. */
const mostFresh = 12;
/** Age at which roll-ups that were written down as they came are put into the chunk of their series. */
const freshSeconds = 3_600;
/** Chunks that one piece of tidying deletes at most, and time between two looks for series of which nothing is kept. */
const mostDeleted = 20;
const lookSeconds = 600;

/** Keeps roll-ups in a file of SQLite. Throws where it cannot be opened. */
export function openArchiveKeeper(options: ArchiveKeeperOptions): ArchiveKeeper {
  const { path, mostBytes, keptSeconds } = options;
  const db = openArchiveDatabase(path);
  return keeperOf(db, createFileRoom(db, { mostBytes, bytesFree: bytesFreeBeside(path) }), keptSeconds);
}

function keeperOf(db: DatabaseSync, room: FileRoom, keptSeconds: number): ArchiveKeeper {
  const statements = prepareStatements(db);
  const numberOf = (key: string) => {
    const id = statements.series.get(key)?.['id'];
    return id === undefined ? undefined : Number(id);
  };
  const tidying = createTidying(db, statements, room, keptSeconds);
  return {
    put: (noted) =>
      inTransaction(db, () => {
        for (const one of noted) if (one.rollUps.length > 0) putOne(statements, one, numberOf(one.key));
      }),
    read(key, fromSeconds, toSeconds) {
      const series = numberOf(key);
      if (series === undefined) return [];
      const kept = statements.within.all(series, fromSeconds, toSeconds).flatMap(({ id, bytes }) => {
        const rollUps = decodeRollUps(bytesOf(bytes));
        // A damaged chunk makes room for what a peer or the source has of it.
        if (rollUps.length === 0) statements.deleteChunk.run(Number(id));
        return rollUps;
      });
      return merged(kept, freshOf(statements, series)).filter(
        ({ atSeconds }) => atSeconds > fromSeconds && atSeconds <= toSeconds,
      );
    },
    spans(key) {
      const series = numberOf(key);
      if (series === undefined) return [];
      return statements.spans.all(series).map(({ from_s, rows }) => [Number(from_s), Number(rows)] as const);
    },
    reach(key) {
      const series = numberOf(key);
      return series === undefined ? undefined : reachOf(statements, series);
    },
    size() {
      const oldest = statements.ends.get()?.['oldest_s'];
      return {
        bytes: room.size().whole,
        series: Number(statements.countSeries.get()?.['count']),
        oldestSeconds: typeof oldest === 'number' ? oldest : undefined,
      };
    },
    tidy: tidying,
    close: () => db.close(),
  };
}

function putOne(
  statements: ArchiveStatements,
  { key, lengthSeconds, rollUps }: NotedRollUps,
  known: number | undefined,
): void {
  const series = known ?? Number(statements.addSeries.run(key, lengthSeconds).lastInsertRowid);
  if (rollUps.length > mostFresh) {
    mergeIntoChunks(statements, { series, lengthSeconds }, rollUps);
    return;
  }
  const newest = rollUps.at(-1)?.atSeconds ?? 0;
  statements.addFresh.run(series, newest, encodeRollUps(rollUps, lengthSeconds));
}

const freshOf = (statements: ArchiveStatements, series: number): RollUp[] =>
  statements.freshOf
    .all(series)
    .reduce<RollUp[]>((all, { bytes }) => merged(all, decodeRollUps(bytesOf(bytes))), []);

function reachOf(statements: ArchiveStatements, series: number): ArchiveReach | undefined {
  const { first_s: first, count, bytes } = statements.reach.get(series) ?? {};
  const fresh = freshOf(statements, series);
  const oldestSeconds = typeof first === 'number' ? first : fresh[0]?.atSeconds;
  if (oldestSeconds === undefined) return undefined;
  return { oldestSeconds, rollUps: Number(count ?? 0) + fresh.length, bytes: Number(bytes ?? 0) };
}

function createTidying(
  db: DatabaseSync,
  statements: ArchiveStatements,
  room: FileRoom,
  keptSeconds: number,
): ArchiveKeeper['tidy'] {
  let lookedSeconds = Number.NEGATIVE_INFINITY;

  /** Puts what came one by one into the chunk of its series. */
  function join(nowSeconds: number): boolean {
    const oldest = statements.oldestFresh.get();
    if (oldest === undefined || Math.abs(nowSeconds - Number(oldest['at_s'])) < freshSeconds) return false;
    const series = Number(oldest['series']);
    const lengthSeconds = Number(statements.seriesById.get(series)?.['length_s']);
    inTransaction(db, () => {
      mergeIntoChunks(statements, { series, lengthSeconds }, freshOf(statements, series));
      statements.deleteFresh.run(series);
    });
    return true;
  }

  function forgetOld(nowSeconds: number): boolean {
    const newest = Number(statements.ends.get()?.['newest_s'] ?? 0);
    // A clock that is years ahead forgets nothing, and neither does a row that is.
    const beforeSeconds = Math.min(nowSeconds, newest) - keptSeconds;
    const limit = room.isTooLarge() ? Number.MAX_SAFE_INTEGER : beforeSeconds;
    return Number(statements.forget.run(Math.floor(limit), mostDeleted).changes) > 0;
  }

  function forgetSilent(nowSeconds: number): boolean {
    if (Math.abs(nowSeconds - lookedSeconds) < lookSeconds) return false;
    lookedSeconds = nowSeconds;
    return Number(statements.silent.run().changes) > 0;
  }

  return (nowSeconds) =>
    join(nowSeconds) || forgetOld(nowSeconds) || forgetSilent(nowSeconds) || room.freePages();
}
